import type { PanelResult, Picture } from '../picture';

declare global {
  interface Window {
    /** Draws, and says how high the whole is. */
    drawPicture(picture: Picture): Promise<number>;
    /** Resolves when what was drawn is on the screen. */
    settled(): Promise<void>;
    results(): readonly PanelResult[];
  }
}
