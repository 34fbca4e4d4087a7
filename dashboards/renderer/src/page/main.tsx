import {
  createTheme,
  dateTime,
  FieldType,
  ThemeContext,
  type DataFrame,
  type GrafanaTheme2,
  type TimeRange,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { GlobalStyles } from '@grafana/ui';
import { createRoot, type Root } from 'react-dom/client';
import type { ReactNode } from 'react';
import type { PanelPicture, PanelResult, Picture } from '../picture';
import { messageOf } from '../problem';
import { DashboardView } from './dashboardView';
import { prepare } from './data';
import { DEFINITIONS, isPanelType } from './definitions';
import type { Content } from './panelView';
import { supplyStandards } from './standards';

const results = new Map<string, PanelResult>();

/** A picture taken before a font is there shows another one. */
const FONTS = [
  '400 14px Inter',
  '500 14px Inter',
  'italic 400 14px Inter',
  '400 14px "Roboto Mono"',
  '500 14px "Roboto Mono"',
];

function twoFrames(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

function isDatum(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && !Number.isNaN(value);
}

function isEmpty(frames: readonly DataFrame[]): boolean {
  return !frames.some(({ fields }) =>
    fields.some((field) => field.type !== FieldType.time && field.values.some(isDatum)),
  );
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function shownOf(panel: PanelPicture, frames: readonly DataFrame[]): string {
  switch (panel.type) {
    case 'text':
      return 'text';
    case 'table':
      return counted(frames[0]?.length ?? 0, 'row', 'rows');
    default:
      return counted(
        frames.flatMap(({ fields }) => fields.filter(({ type }) => type === FieldType.number)).length,
        'series',
        'series',
      );
  }
}

async function contentOf(panel: PanelPicture, theme: GrafanaTheme2, timeZone: string): Promise<Content> {
  const { key, type } = panel;
  try {
    if (!isPanelType(type)) {
      throw new Error(
        `pictures know no panels of the type "${type}"; they know ${Object.keys(DEFINITIONS).join(', ')}`,
      );
    }
    const prepared = await prepare(panel, DEFINITIONS[type], theme, timeZone);
    const empty = DEFINITIONS[type].needsData && isEmpty(prepared.frames);
    results.set(key, { key, empty, shown: shownOf(panel, prepared.frames) });
    return { kind: 'shown', type, prepared, empty };
  } catch (error) {
    onError(key, messageOf(error));
    return { kind: 'failed', message: messageOf(error) };
  }
}

function onError(key: string, problem: string): void {
  results.set(key, { key, empty: false, shown: 'nothing', problem });
}

function timeRangeOf({ from, to }: Picture): TimeRange {
  const range = { from: dateTime(from), to: dateTime(to) };
  return { ...range, raw: range };
}

function show(root: Root, theme: GrafanaTheme2, inside: ReactNode): void {
  root.render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      {inside}
    </ThemeContext.Provider>,
  );
}

window.drawPicture = async (picture) => {
  supplyStandards();
  await initPluginTranslations('grafana');
  const theme = createTheme({ colors: { mode: picture.theme } });
  const place = document.getElementById('picture');
  if (!place) {
    throw new Error('the page has no place for the picture');
  }
  const root = createRoot(place);
  show(root, theme, null);
  await twoFrames();
  await Promise.all(FONTS.map((font) => document.fonts.load(font)));
  const contents = new Map<string, Content>();
  for (const panel of picture.panels) {
    contents.set(panel.key, await contentOf(panel, theme, picture.timeZone));
  }
  show(
    root,
    theme,
    <DashboardView picture={picture} contents={contents} timeRange={timeRangeOf(picture)} onError={onError} />,
  );
  await twoFrames();
  return Math.ceil(place.getBoundingClientRect().height);
};

/** A request is made by what one frame shows; what it brings is shown by a later one. */
window.settled = async () => {
  await document.fonts.ready;
  await twoFrames();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await twoFrames();
};

window.results = () => [...results.values()];
