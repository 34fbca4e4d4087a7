// @ts-check
/**
 * All runs, as they are now: read once, then kept so by the events of the collector.
 *
 * The stream is opened first and the list is read after that, so that nothing is missed in between. A stream that
 * breaks is opened again, by the browser itself or, where that gives up, by a timer; what happened meanwhile comes
 * after the id of the last event, or the collector says that it no longer knows, and the list is read anew. A
 * connection that died without a word is found out by the beats that fail to come.
 *
 * A browser has six connections for one host, and a stream takes one: a page that nobody looks at gives its own back.
 */

import * as api from './api.js';
import { extended } from './trend.js';

/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./api.js').SeriesTrend} SeriesTrend */

/** @typedef {{run: string, layer: string, probes: string, step: number}} Sketched that a run has sent a new sketch */

/**
 * How it stands with the collector.
 *
 * @typedef {object} Status
 * @property {'reading' | 'live' | 'lost' | 'failed'} kind
 * @property {Date} since
 * @property {string} [detail] why it failed
 */

/** More runs than that are not held; the table says so. */
const MOST_RUNS = 10_000;

const TREND_POINTS = 40;

/** So that the first are seen before the last are found. */
const TRENDS_AT_ONCE = 200;
const LONGEST_TREND = 2 * TREND_POINTS;

/** The collector beats at least every 15 s. */
const LONGEST_SILENCE_MS = 40_000;
const HIDDEN_FOR_MS = 60_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

export class Watch extends EventTarget {
  /** @type {Map<string, Run>} */
  runs = new Map();

  /** The courses of scores, by run and then by layer and reference. @type {Map<string, Map<string, SeriesTrend>>} */
  trends = new Map();

  /** @type {Status} */
  status = { kind: 'reading', since: new Date() };

  /** Whether all runs were read at least once. */
  isComplete = false;

  /** Whether there are more runs than are held. */
  isCut = false;

  /** By how much this clock is ahead of the collector's, in milliseconds. */
  #ahead = 0;

  /** Whether runs are to be watched, though there may be no stream at the moment. */
  #isWanted = false;

  /** Whether what is known may lack something, so that all must be read anew. */
  #isStale = true;

  /** @type {EventSource | undefined} */
  #source;

  /** @type {AbortController | undefined} */
  #reading;

  /** @type {AbortController | undefined} */
  #readingTrends;

  /** Whether the trends were not read since the runs were. */
  #lacksTrends = true;

  /** @type {Map<string, Run | null>} what happened while the list was read */
  #meanwhile = new Map();

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;

  /** Defined while it is to be tried again, or being tried. @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #hidden;
  #wait = FIRST_RETRY_MS;

  constructor() {
    super();
    document.addEventListener('visibilitychange', () => this.#seen());
    addEventListener('online', () => (this.#source || this.#retry) && this.#reopen());
  }

  /** The time by the collector's clock. */
  now() {
    return Date.now() - this.#ahead;
  }

  open() {
    this.#isWanted = true;
    this.#connect();
    this.#seen();
  }

  close() {
    this.#isWanted = false;
    clearTimeout(this.#hidden);
    this.#disconnect();
  }

  #connect() {
    this.#disconnect();
    if (!this.#isWanted) {
      return;
    }
    // What happened while there was no stream is known to a stream that goes on, and not to a new one.
    this.#isStale = true;
    const source = new EventSource(api.address(['events']));
    this.#source = source;
    source.addEventListener('open', () => {
      this.#heard();
      if (this.#isStale) {
        this.#read();
      } else {
        if (this.#lacksTrends) {
          this.#readTrends();
        }
        this.#is('live');
      }
    });
    source.addEventListener('run', (event) => this.#changed(JSON.parse(event.data)));
    source.addEventListener('deleted', (event) => this.#deleted(JSON.parse(event.data).name));
    source.addEventListener('sketch', (event) => this.#sketched(JSON.parse(event.data)));
    source.addEventListener('reset', () => this.#read());
    source.addEventListener('beat', (event) => this.#beat(JSON.parse(event.data).time));
    source.addEventListener('error', () => this.#broken(source));
    this.#heard();
  }

  #disconnect() {
    this.#source?.close();
    this.#source = undefined;
    this.#stopReading();
    clearTimeout(this.#retry);
    this.#retry = undefined;
    clearTimeout(this.#silence);
  }

  #stopReading() {
    this.#reading?.abort();
    this.#reading = undefined;
    this.#readingTrends?.abort();
    this.#readingTrends = undefined;
  }

  /** Reads all runs anew. */
  async #read() {
    this.#stopReading();
    const reading = new AbortController();
    this.#reading = reading;
    this.#isStale = true;
    this.#meanwhile.clear();
    this.#is('reading');
    try {
      await this.#readRuns(reading.signal);
      if (reading.signal.aborted) {
        return;
      }
      this.#reading = undefined;
      this.#isStale = false;
      this.#wait = FIRST_RETRY_MS;
      this.#readTrends();
      this.#is('live');
    } catch (failure) {
      if (!reading.signal.aborted) {
        this.#reading = undefined;
        this.#failed(failure);
      }
    }
  }

  /** @param {AbortSignal} signal */
  async #readRuns(signal) {
    /** @type {Map<string, Run>} */
    const found = new Map();
    const take = (/** @type {{runs: Run[]}} */ page) => {
      page.runs.forEach((run) => found.set(run.name, run));
      if (!this.isComplete) {
        this.runs = this.#newest(found);
        this.#tell('runs');
      }
    };
    const all = api.pages(['runs'], {}, signal);
    const first = (await all.next()).value;
    take(first);
    let isCut = false;
    const takeAll = async (/** @type {AsyncGenerator<any>} */ pages) => {
      for await (const page of pages) {
        isCut = found.size >= MOST_RUNS && page.runs.some((/** @type {Run} */ { name }) => !found.has(name));
        if (isCut) {
          break;
        }
        take(page);
      }
    };
    if (first.next) {
      // Those that live are what is looked for: they do not wait for all others.
      await takeAll(api.pages(['runs'], { state: 'live' }, signal));
    }
    if (!isCut) {
      await takeAll(all);
    }
    const runs = this.#newest(found);
    const isHeld = (/** @type {string} */ name) => runs.has(name) && isSame(runs.get(name), this.runs.get(name));
    this.trends = new Map([...this.trends].filter(([name]) => isHeld(name)));
    this.runs = runs;
    this.isComplete = true;
    this.isCut = isCut;
    this.#tell('runs');
    this.dispatchEvent(new Event('read'));
  }

  /** What was read, with what happened since it was begun to be. @param {Map<string, Run>} found */
  #newest(found) {
    const runs = new Map(found);
    for (const [name, run] of this.#meanwhile) {
      if (run) {
        runs.set(name, run);
      } else {
        runs.delete(name);
      }
    }
    return runs;
  }

  /** The table does without them, so nothing is lost if they cannot be read. */
  async #readTrends() {
    const reading = new AbortController();
    this.#readingTrends = reading;
    this.#lacksTrends = true;
    const parameters = { points: TREND_POINTS, limit: TRENDS_AT_ONCE, ...(this.isCut && { state: 'live' }) };
    try {
      for await (const page of api.pages(['trends'], parameters, reading.signal)) {
        page.trends.forEach((/** @type {import('./api.js').Trend} */ trend) => this.#takeTrend(trend));
        this.#tell('runs');
      }
      this.#lacksTrends = reading.signal.aborted;
    } catch (failure) {
      if (!reading.signal.aborted) {
        console.info('The histories of the table could not be read:', failure);
      }
    }
  }

  /** @param {import('./api.js').Trend} trend */
  #takeTrend({ run: name, series }) {
    const run = this.runs.get(name);
    if (run) {
      this.trends.set(name, new Map(series.map((one) => [seriesKey(one), one])));
      this.#extend(run);
    }
  }

  /** @param {Run} run */
  #changed(run) {
    this.#heard();
    if (this.#reading) {
      this.#meanwhile.set(run.name, run);
    }
    if (!isSame(this.runs.get(run.name), run)) {
      this.trends.delete(run.name);
    }
    this.runs.set(run.name, run);
    this.#extend(run);
    this.#tell('runs');
    this.dispatchEvent(new CustomEvent('run', { detail: run }));
    if (this.runs.size > 2 * MOST_RUNS && !this.#reading) {
      this.#read();
    }
  }

  /** @param {string} name */
  #deleted(name) {
    this.#heard();
    if (this.#reading) {
      this.#meanwhile.set(name, null);
    }
    this.runs.delete(name);
    this.trends.delete(name);
    this.#tell('runs');
    this.dispatchEvent(new CustomEvent('deleted', { detail: name }));
  }

  /** @param {Sketched} sketched */
  #sketched(sketched) {
    this.#heard();
    this.dispatchEvent(new CustomEvent('sketch', { detail: sketched }));
  }

  /** @param {Run} run */
  #extend(run) {
    let trends = this.trends.get(run.name);
    if (!trends) {
      this.trends.set(run.name, (trends = new Map()));
    }
    for (const observation of run.latest) {
      const key = seriesKey(observation);
      const { layer, reference, attempt } = observation;
      const before = trends.get(key);
      // A trend may have been read after what comes now was said.
      if (before && before.attempt > attempt) {
        continue;
      }
      const trend = before?.attempt === attempt ? before : { layer, reference, attempt, steps: [], scores: [] };
      trends.set(key, extended(trend, observation.step, observation.score ?? null, LONGEST_TREND));
    }
  }

  /** @param {string} time by the collector's clock */
  #beat(time) {
    this.#ahead = Date.now() - Date.parse(time);
    this.#heard();
  }

  #heard() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#reopen(), LONGEST_SILENCE_MS);
  }

  #reopen() {
    this.#is('lost');
    this.#connect();
  }

  /** @param {EventSource} source */
  #broken(source) {
    if (this.#source !== source) {
      return;
    }
    this.#stopReading();
    this.#is('lost');
    if (source.readyState === EventSource.CLOSED) {
      this.#tryAgain();
    }
  }

  /** The browser has given up: the collector, or a proxy, answered something that is no stream. */
  #tryAgain() {
    this.#disconnect();
    if (!this.#isWanted) {
      return;
    }
    const retry = setTimeout(async () => {
      const isDue = () => this.#retry === retry;
      try {
        await api.session();
        if (isDue()) {
          await api.canReadEvents();
        }
        if (isDue()) {
          this.#connect();
        }
      } catch (failure) {
        if (isDue()) {
          this.#failed(failure);
        }
      }
    }, this.#wait);
    this.#retry = retry;
    this.#wait = Math.min(2 * this.#wait, LAST_RETRY_MS);
  }

  /** @param {unknown} failure */
  #failed(failure) {
    if (failure instanceof api.Problem && failure.status === 401) {
      this.close();
      this.dispatchEvent(new Event('signedout'));
      return;
    }
    const isAway = failure instanceof api.Problem && failure.status === 0;
    this.#is(isAway ? 'lost' : 'failed', failure instanceof Error ? failure.message : String(failure));
    this.#tryAgain();
  }

  /** Gives the connection back while nobody looks, and takes one when somebody does. */
  #seen() {
    clearTimeout(this.#hidden);
    if (document.visibilityState === 'hidden') {
      this.#hidden = setTimeout(() => this.#disconnect(), HIDDEN_FOR_MS);
    } else if (this.#isWanted && !this.#source) {
      this.#connect();
    }
  }

  /**
   * @param {Status['kind']} kind
   * @param {string} [detail]
   */
  #is(kind, detail) {
    const since = kind === this.status.kind ? this.status.since : new Date();
    this.status = { kind, since, ...(detail && { detail }) };
    this.#tell('status');
  }

  /** @param {'runs' | 'status'} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}

/** @param {{layer: string, reference: string}} series */
export const seriesKey = ({ layer, reference }) => layer + ' ' + reference;

/**
 * Whether it is one run, and not another that was made under its name.
 *
 * @param {Run | undefined} one
 * @param {Run | undefined} other
 */
const isSame = (one, other) => one?.registeredAt === other?.registeredAt;
