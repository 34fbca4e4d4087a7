/** A dashboard's JSON, as Grafana exports it, read into what pictures need of it. */

import { isRecord, list, numeric, record, records, text, type Json } from './json';
import { Problem } from './problem';

export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Repeat {
  readonly variable: string;
  readonly direction: 'h' | 'v';
  readonly maxPerRow: number;
}

export interface Target {
  /** The type of the data source it asks. */
  readonly source: string;
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string | undefined;
  readonly range: boolean;
  readonly instant: boolean;
  readonly format: 'time_series' | 'table';
  readonly interval: string | undefined;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: GridPos;
  readonly transparent: boolean;
  readonly links: number;
  readonly options: Json;
  readonly fieldConfig: Json;
  readonly transformations: readonly Json[];
  readonly targets: readonly Target[];
  readonly interval: string | undefined;
  readonly maxDataPoints: number | undefined;
  readonly repeat: Repeat | undefined;
}

/** The panels under one row, or, without a title, those above the first. */
export interface Section {
  readonly row:
    { readonly title: string; readonly collapsed: boolean; readonly repeat: string | undefined } | undefined;
  readonly panels: readonly Panel[];
}

export interface AnnotationQuery {
  readonly name: string;
  readonly expr: string;
  readonly step: string;
  readonly iconColor: string;
  readonly useValueForTime: boolean;
}

export interface Dashboard {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly variables: readonly Json[];
  readonly annotations: readonly AnnotationQuery[];
  readonly sections: readonly Section[];
}

export function parseDashboard(json: string, source: string): Dashboard {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch (error) {
    throw new Problem(`${source} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  // What the HTTP API gives has the dashboard in a field of this name.
  const model = isRecord(read) && isRecord(read['dashboard']) ? read['dashboard'] : read;
  if (!isRecord(model) || !Array.isArray(model['panels'])) {
    throw new Problem(`${source} is no Grafana dashboard: it is not an object with a list "panels"`);
  }
  const time = record(model['time']);
  return {
    title: text(model['title']) ?? '',
    from: text(time['from']) ?? 'now-6h',
    to: text(time['to']) ?? 'now',
    timeZone: text(model['timezone']) ?? 'browser',
    variables: records(record(model['templating'])['list']),
    annotations: annotationsOf(records(record(model['annotations'])['list'])),
    sections: sectionsOf(records(model['panels'])),
  };
}

function sectionsOf(panels: readonly Json[]): readonly Section[] {
  const sections: Array<{ row: Section['row']; panels: Panel[] }> = [{ row: undefined, panels: [] }];
  for (const panel of panels) {
    if (panel['type'] === 'row') {
      const row = {
        title: text(panel['title']) ?? '',
        collapsed: panel['collapsed'] === true,
        repeat: text(panel['repeat']),
      };
      sections.push({ row, panels: records(panel['panels']).map(panelOf) });
    } else {
      sections.at(-1)?.panels.push(panelOf(panel));
    }
  }
  return sections.filter(({ row, panels: inside }) => row !== undefined || inside.length > 0);
}

function panelOf(panel: Json): Panel {
  const id = numeric(panel['id']) ?? 0;
  const title = text(panel['title']) ?? '';
  const type = text(panel['type']);
  if (!type) {
    throw new Problem(`the panel ${id} "${title}" has no type`);
  }
  for (const name of ['timeFrom', 'timeShift', 'libraryPanel']) {
    if (panel[name]) {
      throw new Problem(`the panel ${id} "${title}" has "${name}", which pictures do not know`);
    }
  }
  return {
    id,
    title,
    type,
    description: text(panel['description']) ?? '',
    gridPos: gridPosOf(record(panel['gridPos'])),
    transparent: panel['transparent'] === true,
    links: list(panel['links']).length,
    options: record(panel['options']),
    fieldConfig: record(panel['fieldConfig']),
    transformations: records(panel['transformations']),
    targets: records(panel['targets'])
      .filter((target) => target['hide'] !== true)
      .map((target, index) => targetOf(target, index, dataSourceType(panel))),
    interval: text(panel['interval']),
    maxDataPoints: numeric(panel['maxDataPoints']),
    repeat: repeatOf(panel),
  };
}

function gridPosOf(gridPos: Json): GridPos {
  return {
    x: numeric(gridPos['x']) ?? 0,
    y: numeric(gridPos['y']) ?? 0,
    w: numeric(gridPos['w']) ?? 12,
    h: numeric(gridPos['h']) ?? 8,
  };
}

/** Four in a line is what Grafana takes where a panel does not say. */
function repeatOf(panel: Json): Repeat | undefined {
  const variable = text(panel['repeat']);
  return variable === undefined
    ? undefined
    : {
        variable,
        direction: panel['repeatDirection'] === 'v' ? 'v' : 'h',
        maxPerRow: Math.max(1, numeric(panel['maxPerRow']) ?? 4),
      };
}

/** A dashboard may also name its data source by a text, which says nothing of the type. */
function dataSourceType(source: Json): string {
  return text(record(source['datasource'])['type']) ?? 'prometheus';
}

function targetOf(target: Json, index: number, panelSource: string): Target {
  const instant = target['instant'] === true;
  return {
    source: record(target['datasource'])['type'] === undefined ? panelSource : dataSourceType(target),
    refId: text(target['refId']) ?? String.fromCharCode('A'.charCodeAt(0) + index),
    expr: text(target['expr']) ?? '',
    legendFormat: text(target['legendFormat']),
    instant,
    range: target['range'] === true || !instant,
    format: target['format'] === 'table' ? 'table' : 'time_series',
    interval: text(target['interval']),
  };
}

/** Grafana's own annotations, which live in its database, have no expression. */
function annotationsOf(annotations: readonly Json[]): readonly AnnotationQuery[] {
  return annotations
    .filter((one) => one['enable'] !== false)
    .flatMap((one) => {
      const expr = text(one['expr']) ?? text(record(one['target'])['expr']);
      return expr === undefined ? [] : [annotationOf(one, expr)];
    });
}

function annotationOf(annotation: Json, expr: string): AnnotationQuery {
  return {
    name: text(annotation['name']) ?? '',
    expr,
    step: text(annotation['step']) ?? text(record(annotation['target'])['step']) ?? '60s',
    iconColor: text(annotation['iconColor']) ?? 'rgba(0, 211, 255, 1)',
    useValueForTime: annotation['useValueForTime'] === true || annotation['useValueForTime'] === 'on',
  };
}
