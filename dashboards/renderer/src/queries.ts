/** The queries of a panel and of annotations, asked as Grafana's Prometheus data source asks them. */

import { annotationsFrom } from './annotations';
import type { AnnotationQuery, Panel, Target } from './dashboard';
import { tableFrame, timeSeriesFrames, type Answer } from './frames';
import { asGlob, inExpression, interpolate, unknownReferences, verbatim, type Values } from './interpolation';
import type { Annotation, FrameData } from './picture';
import { messageOf, Problem } from './problem';
import type { Prometheus } from './prometheus';
import { durationMs, durationText, steps, type TimeRange } from './time';

export interface Asking {
  readonly prometheus: Prometheus;
  readonly range: TimeRange;
  readonly scrapeMs: number;
}

export interface PanelData {
  readonly frames: readonly FrameData[];
  /** The queries, by their letters, that found nothing. */
  readonly empty: readonly string[];
  readonly problems: readonly string[];
}

/** The built-in variables that do not depend on a query. */
export function rangeValues(range: TimeRange): Values {
  const rangeMs = range.to - range.from;
  const rangeSeconds = Math.round(rangeMs / 1000);
  return {
    __from: verbatim(String(range.from)),
    __to: verbatim(String(range.to)),
    __range: verbatim(`${rangeSeconds}s`),
    __range_s: verbatim(String(rangeSeconds)),
    __range_ms: verbatim(String(rangeMs)),
  };
}

function intervalValues(intervalMs: number, rateIntervalMs: number): Values {
  return {
    __interval: verbatim(durationText(intervalMs)),
    __interval_ms: verbatim(String(intervalMs)),
    __rate_interval: verbatim(durationText(rateIntervalMs)),
    __rate_interval_ms: verbatim(String(rateIntervalMs)),
  };
}

/** A minimum that is itself made of $__interval or $__rate_interval is none. */
function minimumMs(written: string | undefined, values: Values): number | undefined {
  const interval = written === undefined ? '' : interpolate(written.replace(/^>/, ''), values, inExpression);
  return interval === '' || interval.startsWith('$') ? undefined : durationMs(interval);
}

export async function askPanel(panel: Panel, values: Values, width: number, asking: Asking): Promise<PanelData> {
  const inTable = panel.targets.filter(({ format }) => format === 'table').length;
  const frames: FrameData[] = [];
  const empty: string[] = [];
  const problems: string[] = [];
  for (const target of panel.targets) {
    try {
      const answers = await askTarget(target, panel, values, width, asking);
      if (answers.every(({ series }) => series.length === 0)) {
        empty.push(target.legendFormat ? `${target.refId} (${target.legendFormat})` : target.refId);
      }
      frames.push(...answers.flatMap((answer) => framesOf(answer, target, inTable)));
    } catch (error) {
      problems.push(`query ${target.refId}: ${messageOf(error)}`);
    }
  }
  return { frames, empty, problems };
}

function framesOf(answer: Answer, target: Target, inTable: number): readonly FrameData[] {
  if (target.format === 'time_series') {
    return timeSeriesFrames(answer);
  }
  return answer.series.length > 0 ? [tableFrame(answer, inTable)] : [];
}

async function askTarget(
  target: Target,
  panel: Panel,
  values: Values,
  width: number,
  asking: Asking,
): Promise<readonly Answer[]> {
  if (target.source !== 'prometheus') {
    throw new Problem(`it asks a data source of the type "${target.source}"; pictures know prometheus`);
  }
  const { prometheus, range, scrapeMs } = asking;
  const own = minimumMs(target.interval, values);
  const minimum = own ?? minimumMs(panel.interval, values) ?? scrapeMs;
  const points = panel.maxDataPoints ?? Math.max(1, Math.floor(width));
  const { intervalMs, rateIntervalMs } = steps(range, points, minimum, own ?? scrapeMs);
  const scope = { ...values, ...intervalValues(intervalMs, rateIntervalMs) };
  const expression = expressionOf(target.expr, scope);
  const base = { refId: target.refId, expression, legendFormat: legendOf(target.legendFormat, scope) };
  return [
    ...(target.range
      ? [{ ...base, stepMs: intervalMs, series: await prometheus.range(expression, range, intervalMs) }]
      : []),
    ...(target.instant ? [{ ...base, stepMs: undefined, series: await prometheus.instant(expression, range.to) }] : []),
  ];
}

function expressionOf(written: string, scope: Values): string {
  if (written.trim() === '') {
    throw new Problem('it has no expression');
  }
  const [unknown] = unknownReferences(written, scope);
  if (unknown !== undefined) {
    throw new Problem(`its expression names the variable $${unknown}, which the dashboard does not have`);
  }
  return interpolate(written, scope, inExpression);
}

function legendOf(format: string | undefined, scope: Values): string | undefined {
  return format === undefined ? undefined : interpolate(format, scope, asGlob);
}

export async function askAnnotations(
  queries: readonly AnnotationQuery[],
  values: Values,
  asking: Asking,
): Promise<{ readonly annotations: readonly Annotation[]; readonly problems: readonly string[] }> {
  const annotations: Annotation[] = [];
  const problems: string[] = [];
  for (const query of queries) {
    try {
      annotations.push(...(await askAnnotation(query, values, asking)));
    } catch (error) {
      problems.push(`the annotations "${query.name}": ${messageOf(error)}`);
    }
  }
  return { annotations, problems };
}

async function askAnnotation(query: AnnotationQuery, values: Values, asking: Asking): Promise<readonly Annotation[]> {
  const { prometheus, range, scrapeMs } = asking;
  const minimum = minimumMs(query.step, values) ?? durationMs('60s');
  const { intervalMs, rateIntervalMs } = steps(range, MOST_ANNOTATIONS, minimum, scrapeMs);
  const expression = expressionOf(query.expr, { ...values, ...intervalValues(intervalMs, rateIntervalMs) });
  const series = await prometheus.range(expression, range, intervalMs);
  const all = annotationsFrom(series, {
    stepMs: intervalMs,
    color: query.iconColor,
    useValueForTime: query.useValueForTime,
  });
  return all.filter(({ from, to }) => to >= range.from && from <= range.to);
}

/** Grafana asks for annotations with its default of data points, whatever the panels' widths. */
const MOST_ANNOTATIONS = 2000;
