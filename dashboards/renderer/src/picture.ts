/**
 * What the page draws: everything is asked for, resolved and placed before, so that the page needs
 * no other address. All of it can be sent to the page as structured data.
 */

import type { Json } from './json';
import type { Values } from './interpolation';
import type { Box } from './layout';

export type Theme = 'dark' | 'light';

export interface FieldData {
  readonly name: string;
  readonly type: 'time' | 'number' | 'string';
  readonly labels?: Readonly<Record<string, string>>;
  readonly config: { readonly displayNameFromDS?: string; readonly interval?: number };
  readonly values: ReadonlyArray<number | string | null>;
}

export interface FrameData {
  readonly refId: string;
  readonly name?: string;
  readonly fields: readonly FieldData[];
}

export interface PanelPicture {
  /** Unlike the panel's id, its own for each repetition. */
  readonly key: string;
  readonly box: Box;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly transparent: boolean;
  readonly links: number;
  readonly options: Json;
  readonly fieldConfig: Json;
  readonly transformations: readonly Json[];
  readonly frames: readonly FrameData[];
  readonly values: Values;
  readonly error?: string;
}

export interface RowPicture {
  readonly key: string;
  readonly box: Box;
  readonly title: string;
  readonly collapsed: boolean;
  readonly hidden: number;
}

export interface Annotation {
  readonly color: string;
  readonly from: number;
  readonly to: number;
}

export interface VariableLabel {
  readonly name: string;
  readonly text: string;
}

export interface Picture {
  readonly title: string;
  readonly theme: Theme;
  readonly width: number;
  readonly gridHeight: number;
  readonly timeZone: string;
  readonly from: number;
  readonly to: number;
  readonly rawFrom: string;
  readonly rawTo: string;
  readonly variables: readonly VariableLabel[];
  readonly rows: readonly RowPicture[];
  readonly panels: readonly PanelPicture[];
  readonly annotations: readonly Annotation[];
}

/** What a panel came to, as the page tells it. */
export interface PanelResult {
  readonly key: string;
  readonly shown: string;
  readonly empty: boolean;
  readonly problem?: string;
}
