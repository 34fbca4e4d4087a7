// @ts-check
/**
 * What a run has observed so far, thinned by the collector to as many points as a curve can show, and kept up to
 * date: each event of the run brings its newest observations. Where some were missed, which the run's count of
 * them tells, it is read anew, the more seldom the longer that takes.
 */

import * as api from './api.js';

/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./api.js').Observation} Observation */

const POINTS = 1500;
const LEAST_WAIT_MS = 1000;

export class History {
  /** In the order of attempt and step. @type {Observation[]} */
  observations = [];

  /** @type {'reading' | 'ready' | 'failed'} */
  state = 'reading';

  /** @type {unknown} */
  failure;

  /** The steps that are shown; undefined if all are. @type {{from: number, to: number} | undefined} */
  range;

  /** When the first observation of all was made, in milliseconds since 1970. */
  start = 0;

  /** @type {Run} */
  #run;
  #series;
  #changed;

  /** @type {AbortController | undefined} */
  #reading;

  /** What came while it was read. @type {Observation[]} */
  #meanwhile = [];

  /** Whether something is missing: since the last reading began, or because it failed. */
  #isDue = false;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #took = 0;

  /**
   * @param {Run} run as it is known now
   * @param {{layer: string, reference: string}} series
   * @param {() => void} changed told when there is something new
   */
  constructor(run, { layer, reference }, changed) {
    this.#run = run;
    this.#series = { layer, reference };
    this.#changed = changed;
    this.#read();
  }

  /**
   * Shows a part, in all the detail that fits.
   *
   * @param {(observation: Observation) => number} where an observation lies on the axis of which a part is shown
   * @param {number} from
   * @param {number} to
   */
  zoom(where, from, to) {
    const steps = this.observations
      .filter((observation) => where(observation) >= from && where(observation) <= to)
      .map(({ step }) => step);
    const range = { from: Math.min(...steps), to: Math.max(...steps) };
    // Charts that move together all say so.
    const isKnown = range.from === this.range?.from && range.to === this.range.to;
    if (steps.length > 1 && !isKnown) {
      this.range = range;
      this.#read();
    }
  }

  /** Shows all again. */
  unzoom() {
    if (this.range) {
      this.range = undefined;
      this.#read();
    }
  }

  again() {
    this.#read();
  }

  close() {
    this.#reading?.abort();
    clearTimeout(this.#timer);
  }

  /** @param {Run} run as it is now */
  take(run) {
    const before = this.#run;
    this.#run = run;
    if (run.registeredAt !== before.registeredAt) {
      this.observations = [];
      this.range = undefined;
      this.state = 'reading';
      this.#read();
      return;
    }
    const fresh = run.latest.filter((observation) => !before.latest.some((known) => isSame(known, observation)));
    const mine = fresh.find((observation) => isOf(observation, this.#series));
    if (mine && this.#isShown(mine)) {
      this.#meanwhile.push(mine);
      this.#add(mine);
    }
    if (run.observations - before.observations !== fresh.length || this.observations.length > 2 * POINTS) {
      this.#isDue = true;
    }
    if (this.#isDue) {
      this.#readSoon();
    }
  }

  /** @param {Observation} observation */
  #isShown({ step }) {
    return !this.range || (step >= this.range.from && step <= this.range.to);
  }

  /** @param {Observation} observation */
  #add(observation) {
    const last = this.observations[this.observations.length - 1];
    if (!last || order(last, observation) < 0) {
      this.observations = [...this.observations, observation];
      this.#begins();
      this.#changed();
    }
  }

  /** Reads anew after a while, unless it is being read, and then after that. */
  #readSoon() {
    if (!this.#timer && !this.#reading) {
      this.#timer = setTimeout(() => this.#read(), Math.max(LEAST_WAIT_MS, 10 * this.#took));
    }
  }

  async #read() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#meanwhile = this.#run.latest.filter((one) => isOf(one, this.#series) && this.#isShown(one));
    this.#isDue = false;
    const begun = performance.now();
    let isRead = false;
    try {
      const found = await api.read(
        ['runs', this.#run.name, 'observations'],
        { ...this.#series, points: POINTS, fromStep: this.range?.from, toStep: this.range?.to },
        reading.signal,
      );
      this.observations = found.observations;
      this.state = 'ready';
      isRead = true;
      this.#begins();
      this.#meanwhile.forEach((observation) => this.#add(observation));
    } catch (failure) {
      if (reading.signal.aborted) {
        return;
      }
      this.failure = failure;
      // What was read before is still of use; it is tried again when the run goes on.
      this.state = this.state === 'ready' ? 'ready' : 'failed';
    }
    this.#reading = undefined;
    this.#took = performance.now() - begun;
    this.#changed();
    if (!isRead) {
      this.#isDue = true;
    } else if (this.#isDue) {
      this.#readSoon();
    }
  }

  /** A part begins later than the whole. */
  #begins() {
    const first = this.observations[0];
    if (first && !this.range) {
      this.start = Date.parse(first.time);
    }
  }
}

/**
 * @param {Observation} observation
 * @param {{layer: string, reference: string}} series
 */
export const isOf = (observation, { layer, reference }) =>
  observation.layer === layer && observation.reference === reference;

/**
 * @param {Observation} one
 * @param {Observation} other
 */
const order = (one, other) => one.attempt - other.attempt || one.step - other.step;

/**
 * @param {Observation} one
 * @param {Observation} other
 */
const isSame = (one, other) => isOf(one, other) && order(one, other) === 0;
