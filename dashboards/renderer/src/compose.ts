/** From a dashboard to all that its picture shows: variables, places, answers. */

import type { Dashboard } from './dashboard';
import { asText, interpolate, type Values } from './interpolation';
import { text, type Json } from './json';
import { layOut, type PlacedPanel, type PlacedRow } from './layout';
import type { PanelPicture, Picture, RowPicture, Theme, VariableLabel } from './picture';
import { Prometheus } from './prometheus';
import { askAnnotations, askPanel, rangeValues, type Asking } from './queries';
import { timeRange } from './time';
import { resolveVariables } from './variables';

export interface Wishes {
  readonly prometheus: string;
  readonly chosen: ReadonlyMap<string, readonly string[]>;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly width: number;
  readonly theme: Theme;
  readonly scrapeMs: number;
  readonly timeZone: string | undefined;
}

export interface Composition {
  readonly picture: Picture;
  /** By the keys of panels, the queries that found nothing. */
  readonly emptyQueries: ReadonlyMap<string, readonly string[]>;
  /** Of what belongs to no panel. */
  readonly problems: readonly string[];
}

/** Grafana's padding around a dashboard, and that of a panel with its frame, left and right together. */
const PADDING = 16;
const FRAME = 18;

export async function compose(dashboard: Dashboard, wishes: Wishes): Promise<Composition> {
  const prometheus = new Prometheus(wishes.prometheus);
  const range = timeRange(wishes.from ?? dashboard.from, wishes.to ?? dashboard.to, Date.now());
  const builtIn = rangeValues(range);
  const values = await resolveVariables(dashboard.variables, { prometheus, range, chosen: wishes.chosen, builtIn });
  const asking: Asking = { prometheus, range, scrapeMs: wishes.scrapeMs };
  const layout = layOut(dashboard.sections, values, wishes.width - 2 * PADDING);
  const emptyQueries = new Map<string, readonly string[]>();
  const panels: PanelPicture[] = [];
  for (const placed of layout.placed) {
    if (placed.kind === 'panel') {
      const { panel, empty } = await panelPicture(placed, asking);
      panels.push(panel);
      emptyQueries.set(panel.key, empty);
    }
  }
  const { annotations, problems } = await askAnnotations(dashboard.annotations, values, asking);
  return {
    emptyQueries,
    problems,
    picture: {
      title: interpolate(dashboard.title, values, asText),
      theme: wishes.theme,
      width: wishes.width,
      gridHeight: layout.height,
      timeZone: wishes.timeZone ?? dashboard.timeZone,
      ...range,
      variables: dashboard.variables.flatMap((definition) => labelOf(definition, values)),
      rows: layout.placed.flatMap((placed) => (placed.kind === 'row' ? [rowPicture(placed)] : [])),
      panels,
      annotations,
    },
  };
}

async function panelPicture(
  placed: PlacedPanel,
  asking: Asking,
): Promise<{ panel: PanelPicture; empty: readonly string[] }> {
  const { panel, values, key, box } = placed;
  const { frames, empty, problems } = await askPanel(panel, values, box.width - FRAME, asking);
  return {
    empty,
    panel: {
      key,
      box,
      type: panel.type,
      title: interpolate(panel.title, values, asText),
      description: interpolate(panel.description, values, asText),
      transparent: panel.transparent,
      links: panel.links,
      options: panel.options,
      fieldConfig: panel.fieldConfig,
      transformations: panel.transformations,
      frames,
      values,
      error: problems.length > 0 ? problems.join('; ') : undefined,
    },
  };
}

function rowPicture({ key, box, title, collapsed, hidden, values }: PlacedRow): RowPicture {
  return { key, box, title: interpolate(title, values, asText), collapsed, hidden };
}

/** hide: 1 leaves the label away, 2 all (VariableHide of @grafana/data). Constants are never shown. */
function labelOf(definition: Json, values: Values): readonly VariableLabel[] {
  const name = text(definition['name']) ?? '';
  const value = values[name];
  if (!value || definition['hide'] === 2 || definition['type'] === 'constant') {
    return [];
  }
  const label = definition['hide'] === 1 ? '' : (text(definition['label']) ?? name);
  return [{ name: label, text: asText(value, name) }];
}
