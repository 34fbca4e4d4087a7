/** Time ranges, durations and the intervals that queries are made with. */

import { Problem } from './problem';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

export interface TimeRange {
  readonly from: number;
  readonly to: number;
  readonly rawFrom: string;
  readonly rawTo: string;
}

/** A duration as Prometheus and Grafana write it: 15s, 1h30m, 250ms. */
export function durationMs(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwMy])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== duration) {
    throw new Problem(`"${duration}" is no duration; one is written like 15s, 1m, 1h30m or 250ms`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}

/** The shortest exact way to write a duration with one unit. */
export function durationText(ms: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find(
    (name) => ms >= Number(UNIT_MS[name]) && ms % Number(UNIT_MS[name]) === 0,
  );
  return unit ? `${ms / Number(UNIT_MS[unit])}${unit}` : `${ms}ms`;
}

/** A moment in milliseconds: now, now-6h, seconds since 1970, or what Date can read. */
export function moment(written: string, now: number): number {
  const relative = /^now(?:([+-])(\d+(?:\.\d+)?(?:ms|[smhdwMy])))?$/.exec(written);
  if (relative) {
    const [, sign, duration] = relative;
    return now + (duration ? durationMs(duration) * (sign === '-' ? -1 : 1) : 0);
  }
  if (/^\d+(?:\.\d+)?$/.test(written)) {
    return Number(written) * 1000;
  }
  const read = /^\d{4}-\d\d-\d\d/.test(written) ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(read)) {
    throw new Problem(
      `"${written}" is no time; one is written like now, now-6h, 2026-01-31T12:00:00Z or 1769860800 (seconds)`,
    );
  }
  return read;
}

export function timeRange(rawFrom: string, rawTo: string, now: number): TimeRange {
  const range = { from: moment(rawFrom, now), to: moment(rawTo, now), rawFrom, rawTo };
  if (range.from >= range.to) {
    throw new Problem(`the time range ends before it begins: from ${rawFrom} to ${rawTo}`);
  }
  return range;
}

/**
 * The intervals that a computed one is rounded to, each with the length below which it is taken.
 * Source: rangeUtil.roundInterval of @grafana/data 13.2.2.
 */
const ROUNDED: ReadonlyArray<readonly [below: string, interval: string]> = [
  ['10ms', '1ms'],
  ['15ms', '10ms'],
  ['35ms', '20ms'],
  ['75ms', '50ms'],
  ['150ms', '100ms'],
  ['350ms', '200ms'],
  ['750ms', '500ms'],
  ['1.5s', '1s'],
  ['3.5s', '2s'],
  ['7.5s', '5s'],
  ['12.5s', '10s'],
  ['17.5s', '15s'],
  ['25s', '20s'],
  ['45s', '30s'],
  ['1.5m', '1m'],
  ['3.5m', '2m'],
  ['7.5m', '5m'],
  ['12.5m', '10m'],
  ['17.5m', '15m'],
  ['25m', '20m'],
  ['45m', '30m'],
  ['1.5h', '1h'],
  ['2.5h', '2h'],
  ['4.5h', '3h'],
  ['9h', '6h'],
  ['1d', '12h'],
  ['1w', '1d'],
  ['3w', '1w'],
  ['6w', '30d'],
];

export function roundInterval(ms: number): number {
  const found = ROUNDED.find(([below]) => ms < durationMs(below));
  return durationMs(found ? found[1] : '1y');
}

/** More points than this a series does not get from Prometheus (its limit is 11,000). */
const MOST_POINTS = 11_000;

export interface Steps {
  /** $__interval, and the step of a range query. */
  readonly intervalMs: number;
  /** $__rate_interval: never so short that it may hold fewer than two samples. */
  readonly rateIntervalMs: number;
}

/**
 * Source: Grafana's documentation of the Prometheus data source ("Interval", "Min step",
 * "$__rate_interval"): max($__interval + scrape interval, 4 * scrape interval).
 */
export function steps(range: TimeRange, maxDataPoints: number, minIntervalMs: number, scrapeMs: number): Steps {
  const rangeMs = range.to - range.from;
  const fitting = Math.max(roundInterval(rangeMs / maxDataPoints), minIntervalMs);
  const intervalMs = Math.max(fitting, roundInterval(rangeMs / MOST_POINTS));
  return { intervalMs, rateIntervalMs: Math.max(intervalMs + scrapeMs, 4 * scrapeMs) };
}
