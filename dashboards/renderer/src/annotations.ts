/** When annotations are, from the samples of their expressions. */

import type { Annotation } from './picture';
import type { Series } from './prometheus';

export interface Moments {
  readonly stepMs: number;
  readonly color: string;
  /** The value, not the sample's time, says when: milliseconds since 1970. */
  readonly useValueForTime: boolean;
}

/**
 * Samples above zero mark; those of one series no further apart than a step make one region.
 * Source: Grafana's documentation of the Prometheus data source, "Annotations".
 */
export function annotationsFrom(series: readonly Series[], moments: Moments): readonly Annotation[] {
  return series.flatMap(({ samples }) => {
    const times = moments.useValueForTime
      ? samples.map(([, value]) => Math.floor(value))
      : samples.filter(([, value]) => value > 0).map(([time]) => time);
    return regions(times, moments.stepMs).map((region) => ({ ...region, color: moments.color }));
  });
}

function regions(times: readonly number[], stepMs: number): ReadonlyArray<{ from: number; to: number }> {
  const found: Array<{ from: number; to: number }> = [];
  for (const time of times) {
    const last = found.at(-1);
    if (last && time <= last.to + stepMs) {
      last.to = time;
    } else {
      found.push({ from: time, to: time });
    }
  }
  return found;
}
