/**
 * Data frames from the series that Prometheus gives, as Grafana's Prometheus data source makes them.
 * Source for the shapes: Grafana's documentation of that data source ("Format", "Legend") and of
 * data frames ("Data frames").
 */

import type { FieldData, FrameData } from './picture';
import type { Labels, Series } from './prometheus';

const NAME = '__name__';

/** A series as Prometheus itself writes it: name{label="value", ...}. */
export function seriesText(labels: Labels): string {
  const rest = Object.keys(labels)
    .filter((name) => name !== NAME)
    .sort();
  const inner = rest.map((name) => `${name}=${JSON.stringify(labels[name])}`).join(', ');
  return `${labels[NAME] ?? ''}${rest.length > 0 ? `{${inner}}` : ''}`;
}

/** {{label}} becomes the label's value, and nothing where the series has no such label. */
export function fillTemplate(template: string, labels: Labels): string {
  return template.replace(/\{\{\s*([^}\s]+)\s*\}\}/g, (_whole, name: string) => labels[name] ?? '');
}

/** undefined leaves the name to Grafana, which makes it of the labels that differ. */
function legend(format: string | undefined, labels: Labels, expression: string): string | undefined {
  const labelled = Object.keys(labels).length > 0;
  if (format === '__auto') {
    return labelled ? undefined : expression;
  }
  return (format ? fillTemplate(format, labels) : seriesText(labels)) || expression;
}

export interface Answer {
  readonly refId: string;
  readonly expression: string;
  readonly legendFormat: string | undefined;
  readonly stepMs: number | undefined;
  readonly series: readonly Series[];
}

export function timeSeriesFrames(answer: Answer): readonly FrameData[] {
  return answer.series.map(({ labels, samples }) => {
    const name = legend(answer.legendFormat, labels, answer.expression);
    return {
      refId: answer.refId,
      name,
      fields: [
        {
          name: 'Time',
          type: 'time',
          // Where samples are further apart than this, the line is broken.
          config: { interval: answer.stepMs },
          values: samples.map(([time]) => time),
        },
        {
          name: 'Value',
          type: 'number',
          labels,
          config: { displayNameFromDS: name },
          values: samples.map(([, value]) => value),
        },
      ],
    };
  });
}

/** One frame a query, a field a label; the value's field names its query where there are several. */
export function tableFrame(answer: Answer, queriesInTable: number): FrameData {
  const rows = answer.series.flatMap(({ labels, samples }) =>
    samples.map(([time, value]) => ({ labels, time, value })),
  );
  const names = [...new Set(answer.series.flatMap(({ labels }) => Object.keys(labels)))].sort();
  const labelFields = names.map((name): FieldData => {
    const numbers = name === 'le';
    return {
      name,
      type: numbers ? 'number' : 'string',
      config: {},
      values: rows.map(({ labels }) => (numbers ? bound(labels[name]) : (labels[name] ?? ''))),
    };
  });
  return {
    refId: answer.refId,
    fields: [
      { name: 'Time', type: 'time', config: {}, values: rows.map(({ time }) => time) },
      ...labelFields,
      {
        name: queriesInTable > 1 ? `Value #${answer.refId}` : 'Value',
        type: 'number',
        config: {},
        values: rows.map(({ value }) => value),
      },
    ],
  };
}

function bound(le: string | undefined): number | null {
  return le === undefined ? null : le === '+Inf' ? Infinity : Number(le);
}
