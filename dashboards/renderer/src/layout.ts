/**
 * Where panels and rows stand. The numbers are Grafana's: 24 columns, cells of 30 px in height,
 * 8 px between them (its documentation of the dashboard JSON model, "Panel size and position").
 */

import type { GridPos, Panel, Repeat, Section } from './dashboard';
import { each, type Value, type Values } from './interpolation';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedPanel {
  readonly kind: 'panel';
  readonly key: string;
  readonly box: Box;
  readonly panel: Panel;
  readonly values: Values;
}

export interface PlacedRow {
  readonly kind: 'row';
  readonly key: string;
  readonly box: Box;
  readonly title: string;
  readonly collapsed: boolean;
  readonly hidden: number;
  readonly values: Values;
}

export type Placed = PlacedPanel | PlacedRow;

const COLUMNS = 24;
const CELL_HEIGHT = 30;
const GAP = 8;

/** What is moved and kept from overlapping: a panel, or all its repetitions together. */
interface Item {
  readonly pos: GridPos;
  readonly panel: Panel;
  readonly across: number;
  readonly repetitions: readonly Values[];
}

export interface Layout {
  readonly placed: readonly Placed[];
  readonly height: number;
}

export function layOut(sections: readonly Section[], values: Values, width: number): Layout {
  const placed: Placed[] = [];
  let top = 0;
  for (const section of sections) {
    for (const scope of scopesOf(section.row?.repeat, values)) {
      const suffix = suffixOf(section.row?.repeat, scope);
      if (section.row) {
        placed.push(placeRow(section, scope, suffix, top, width));
        top += 1;
      }
      if (!section.row?.collapsed) {
        const settled = settle(section.panels.map((panel) => itemOf(panel, scope)));
        placed.push(...settled.flatMap((item) => placeItem(item, suffix, top, width)));
        top += Math.max(0, ...settled.map(({ pos }) => pos.y + pos.h));
      }
    }
  }
  return { placed, height: Math.max(0, topOf(top) - GAP) };
}

function suffixOf(variable: string | undefined, values: Values): string {
  return variable === undefined ? '' : `/${each(values[variable]?.value ?? '').join(',')}`;
}

/** The values as each repetition sees them: its variable has the one value that it stands for. */
function scopesOf(variable: string | undefined, values: Values): readonly Values[] {
  const repeated = variable === undefined ? undefined : values[variable];
  if (variable === undefined || !repeated) {
    return [values];
  }
  const texts = each(repeated.text);
  return each(repeated.value).map((value, index): Values => {
    const one: Value = { value, text: texts[index] ?? value, inExpression: repeated.inExpression };
    return { ...values, [variable]: one };
  });
}

/** Beside each other, repetitions share the whole width; below each other, each has the panel's. */
function itemOf(panel: Panel, values: Values): Item {
  const { repeat, gridPos } = panel;
  const repetitions = scopesOf(repeat?.variable, values);
  if (!repeat) {
    return { pos: gridPos, panel, across: 1, repetitions };
  }
  const across = acrossOf(repeat, repetitions.length);
  const lines = Math.max(1, Math.ceil(repetitions.length / across));
  const pos = { ...gridPos, h: gridPos.h * lines, ...(repeat.direction === 'h' ? { x: 0, w: COLUMNS } : {}) };
  return { pos, panel, across, repetitions };
}

function acrossOf(repeat: Repeat, count: number): number {
  return repeat.direction === 'h' ? Math.max(1, Math.min(count, repeat.maxPerRow)) : 1;
}

function overlapAcross(one: GridPos, other: GridPos): boolean {
  return one.x < other.x + other.w && other.x < one.x + one.w;
}

/** In their order from the top, items rise until they rest on what stands above them. */
function settle(items: readonly Item[]): readonly Item[] {
  const ordered = [...items].sort((one, other) => one.pos.y - other.pos.y || one.pos.x - other.pos.x);
  const settled: Item[] = [];
  for (const item of ordered) {
    const above = settled.filter(({ pos }) => overlapAcross(pos, item.pos));
    const y = Math.max(0, ...above.map(({ pos }) => pos.y + pos.h));
    settled.push({ ...item, pos: { ...item.pos, y } });
  }
  return settled;
}

function topOf(row: number): number {
  return row * (CELL_HEIGHT + GAP);
}

function boxOf(pos: GridPos, top: number, width: number): Box {
  const column = (width - GAP * (COLUMNS - 1)) / COLUMNS;
  return {
    left: Math.round((column + GAP) * pos.x),
    top: topOf(top + pos.y),
    width: Math.round(column * pos.w + GAP * (pos.w - 1)),
    height: CELL_HEIGHT * pos.h + GAP * (pos.h - 1),
  };
}

function placeItem(item: Item, suffix: string, top: number, width: number): readonly Placed[] {
  const { panel, pos, across, repetitions } = item;
  const whole = boxOf(pos, top, width);
  const each = (whole.width - GAP * (across - 1)) / across;
  const height = CELL_HEIGHT * panel.gridPos.h + GAP * (panel.gridPos.h - 1);
  return repetitions.map((values, index) => ({
    kind: 'panel',
    key: `${panel.id}${suffix}${suffixOf(panel.repeat?.variable, values)}`,
    box: {
      left: Math.round(whole.left + (index % across) * (each + GAP)),
      top: whole.top + Math.floor(index / across) * (height + GAP),
      width: Math.round(each),
      height,
    },
    panel,
    values,
  }));
}

function placeRow(section: Section, values: Values, suffix: string, top: number, width: number): PlacedRow {
  const title = section.row?.title ?? '';
  const collapsed = section.row?.collapsed ?? false;
  return {
    kind: 'row',
    key: `row ${top}${suffix}`,
    box: boxOf({ x: 0, y: 0, w: COLUMNS, h: 1 }, top, width),
    title,
    collapsed,
    hidden: collapsed ? section.panels.length : 0,
    values,
  };
}
