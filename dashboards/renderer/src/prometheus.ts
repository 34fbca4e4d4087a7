/** Prometheus' HTTP API, as far as pictures need it. */

import { isRecord, list, record, records, type Json } from './json';
import { messageOf, Problem } from './problem';
import type { TimeRange } from './time';

export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly labels: Labels;
  /** Milliseconds and value; of an instant query there is one. */
  readonly samples: ReadonlyArray<readonly [time: number, value: number]>;
}

const PATIENCE_MS = 60_000;

function seconds(ms: number): string {
  return String(ms / 1000);
}

/** Prometheus writes values as texts, and infinities as +Inf and -Inf. */
function sampleValue(written: unknown): number {
  return written === '+Inf' ? Infinity : written === '-Inf' ? -Infinity : Number(written);
}

function sample(pair: unknown): readonly [number, number] {
  const [time, value] = list(pair);
  return [Math.round(Number(time) * 1000), sampleValue(value)];
}

function labelsOf(metric: unknown): Labels {
  return Object.fromEntries(Object.entries(record(metric)).map(([name, value]) => [name, String(value)]));
}

function seriesOf(data: Json): readonly Series[] {
  switch (data['resultType']) {
    case 'matrix':
      return records(data['result']).map((one) => ({
        labels: labelsOf(one['metric']),
        samples: list(one['values']).map(sample),
      }));
    case 'vector':
      return records(data['result']).map((one) => ({
        labels: labelsOf(one['metric']),
        samples: [sample(one['value'])],
      }));
    case 'scalar':
      return [{ labels: {}, samples: [sample(data['result'])] }];
    default:
      throw new Problem(`the result is of the type ${String(data['resultType'])}, of which nothing can be drawn`);
  }
}

export class Prometheus {
  readonly #base: string;

  constructor(address: string) {
    this.#base = address.replace(/\/+$/, '');
  }

  async range(expression: string, range: TimeRange, stepMs: number): Promise<readonly Series[]> {
    const data = await this.#ask('api/v1/query_range', {
      query: expression,
      start: seconds(Math.floor(range.from / stepMs) * stepMs),
      end: seconds(Math.floor(range.to / stepMs) * stepMs),
      step: seconds(stepMs),
    });
    return seriesOf(record(data));
  }

  async instant(expression: string, at: number): Promise<readonly Series[]> {
    return seriesOf(record(await this.#ask('api/v1/query', { query: expression, time: seconds(at) })));
  }

  async labelValues(label: string, selector: string | undefined, range: TimeRange): Promise<readonly string[]> {
    const data = await this.#ask(`api/v1/label/${encodeURIComponent(label)}/values`, {
      start: seconds(range.from),
      end: seconds(range.to),
      ...(selector ? { 'match[]': selector } : {}),
    });
    return list(data).map(String);
  }

  async labelNames(range: TimeRange): Promise<readonly string[]> {
    return list(await this.#ask('api/v1/labels', { start: seconds(range.from), end: seconds(range.to) })).map(String);
  }

  async #ask(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const address = `${this.#base}/${path}?${new URLSearchParams(parameters).toString()}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause ? error.cause : error;
      throw new Problem(`no Prometheus answers at ${this.#base}: ${messageOf(cause)}`);
    });
    const body = await answer.text();
    const read = readBody(body);
    if (!read || !('status' in read)) {
      throw new Problem(`${this.#base} does not answer as Prometheus does (HTTP ${answer.status})`);
    }
    if (read['status'] !== 'success') {
      throw new Problem(`Prometheus refuses the query: ${String(read['error'])}`);
    }
    return read['data'];
  }
}

function readBody(body: string): Json | undefined {
  try {
    const read: unknown = JSON.parse(body);
    return isRecord(read) ? read : undefined;
  } catch {
    return undefined;
  }
}
