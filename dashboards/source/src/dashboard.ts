import { datasource } from './panels.js';
import type { Dashboard, Panel, Variable } from './schema.js';

const COLUMNS = 24;

/** A question, and panels that answer it; each with its width in 24ths, in lines of one height. */
export interface Section {
  question: string;
  lines: { height: number; panels: [width: number, panel: Panel][] }[];
}

/** Something that happened, drawn over all panels with a time axis. */
export interface Annotation {
  name: string;
  expr: string;
  titleFormat: string;
  textFormat: string;
  colour: string;
}

export interface Content {
  uid: string;
  title: string;
  description: string;
  from: string;
  variables: Variable[];
  annotations: Annotation[];
  sections: Section[];
}

/** Lays the sections out below each other, and adds what all dashboards have in common. */
export function dashboard(content: Content): Dashboard {
  return {
    uid: content.uid,
    title: content.title,
    description: content.description,
    tags: ['latentgauge'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: content.from, to: 'now' },
    timezone: 'browser',
    links: [
      {
        type: 'dashboards',
        title: 'Latentgauge',
        tooltip: 'The other dashboards',
        tags: ['latentgauge'],
        asDropdown: false,
        icon: 'external link',
        includeVars: false,
        keepTime: true,
        targetBlank: false,
      },
    ],
    templating: { list: content.variables },
    annotations: { list: content.annotations.map(annotation) },
    panels: laidOut(content.sections),
  };
}

/**
 * The minute in which a metric begins to be 1. Annotations are asked for once a minute, and less often where more than
 * a day or two is shown: then some are missed.
 */
export function begins(labels: string, selector: string): string {
  return `max by (${labels}) (${selector}) == 1 unless max by (${labels}) (${selector} offset 1m) == 1`;
}

function annotation(drawn: Annotation): Record<string, unknown> {
  return {
    name: drawn.name,
    datasource,
    enable: true,
    hide: false,
    iconColor: drawn.colour,
    expr: drawn.expr,
    titleFormat: drawn.titleFormat,
    textFormat: drawn.textFormat,
  };
}

function laidOut(sections: Section[]): Dashboard['panels'] {
  const panels: Dashboard['panels'] = [];
  let y = 0;
  const nextId = (): number => panels.length + 1;
  for (const section of sections) {
    panels.push({
      type: 'row',
      id: nextId(),
      title: section.question,
      collapsed: false,
      gridPos: { x: 0, y: y++, w: COLUMNS, h: 1 },
      panels: [],
    });
    for (const line of section.lines) {
      let x = 0;
      for (const [width, panel] of line.panels) {
        panels.push({ id: nextId(), gridPos: { x, y, w: width, h: line.height }, ...panel });
        x += width;
      }
      if (x !== COLUMNS) {
        throw new Error(`a line of "${section.question}" must be ${COLUMNS} wide, but is ${x}`);
      }
      y += line.height;
    }
  }
  return panels;
}
