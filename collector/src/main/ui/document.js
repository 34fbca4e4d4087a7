// @ts-check
/**
 * A document of the collector that is kept up to date: it is read anew when somebody says that it has changed, soon,
 * but the more seldom the longer that takes.
 */

import * as api from './api.js';

const LEAST_WAIT_MS = 1000;

/** After a failure that may pass by itself. */
const RETRY_MS = 10_000;

/**
 * What was read; the one before while the next is read, or cannot be.
 *
 * @template T
 */
export class LiveDocument {
  /** @type {T | undefined} */
  value;

  /** Why the last reading failed. @type {unknown} */
  failure;

  #path;
  #parameters;
  #changed;

  /** @type {AbortController | undefined} */
  #reading;

  /** Whether it has changed since the last reading began. */
  #isDue = false;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #took = 0;

  /**
   * @param {string[]} path
   * @param {import('./api.js').Parameters} parameters
   * @param {() => void} changed told when there is something new
   * @param {T} [before] what is shown until it is read
   */
  constructor(path, parameters, changed, before) {
    this.#path = path;
    this.#parameters = parameters;
    this.#changed = changed;
    this.value = before;
    this.#read();
  }

  get isReading() {
    return this.#reading !== undefined;
  }

  /** Says that it has changed. */
  expire() {
    this.#isDue = true;
    if (!this.#reading) {
      this.#readAfter(Math.max(LEAST_WAIT_MS, 10 * this.#took));
    }
  }

  /** @param {number} wait in milliseconds, unless it is to be read already */
  #readAfter(wait) {
    this.#timer ??= setTimeout(() => this.#read(), wait);
  }

  close() {
    this.#reading?.abort();
    clearTimeout(this.#timer);
  }

  async #read() {
    this.#timer = undefined;
    this.#isDue = false;
    const reading = new AbortController();
    this.#reading = reading;
    const begun = performance.now();
    try {
      this.value = await api.read(this.#path, this.#parameters, reading.signal);
      this.failure = undefined;
    } catch (failure) {
      if (reading.signal.aborted) {
        return;
      }
      this.failure = failure;
    }
    this.#reading = undefined;
    this.#took = performance.now() - begun;
    this.#changed();
    if (this.#isDue) {
      this.expire();
    } else if (isPassing(this.failure)) {
      this.#readAfter(RETRY_MS);
    }
  }
}

/**
 * Whether a failure is one of too much at once, or of the collector itself. That there is no answer is found out by the
 * stream of events, which says when it is back.
 *
 * @param {unknown} failure
 */
const isPassing = (failure) => failure instanceof api.Problem && (failure.status === 429 || failure.status >= 500);
