/**
 * As much of a browser as the page's parts without a picture need: a collector that answers when the test says so, a
 * clock that goes when the test says so, and somebody who looks or does not.
 */

import assert from 'node:assert/strict';

/**
 * @typedef {object} Request
 * @property {string} method
 * @property {string} where
 * @property {boolean} isOpen whether it was neither answered nor given up
 * @property {(response: object) => void} resolve
 * @property {(failure: unknown) => void} reject
 * @property {() => void} leave so that it cannot be given up any more
 */

/** The clock begins then. */
export const BEGINNING = Date.parse('2026-01-01T00:00:00Z');

/** Whatever was promised and can be kept without time going on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

export class Browser {
  /** All requests that were ever begun. @type {Request[]} */
  requests = [];

  /** All streams that were ever opened. @type {Stream[]} */
  streams = [];

  /** The addresses that replaced the one before. @type {string[]} */
  replaced = [];

  location = { hash: '' };
  document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  #window = new EventTarget();
  #time = 0;
  #id = 0;

  /** @type {Map<number, {at: number, act: () => void}>} */
  #timers = new Map();

  /** Takes the place of the browser for all that is made from now on. */
  constructor() {
    Stream.browser = this;
    const window = this.#window;
    const globals = {
      EventSource: Stream,
      // Node 18 has none.
      CustomEvent: Custom,
      document: this.document,
      location: this.location,
      history: { replaceState: (/** @type {any[]} */ ...said) => this.#replace(said[2]) },
      addEventListener: window.addEventListener.bind(window),
      dispatchEvent: window.dispatchEvent.bind(window),
      fetch: (/** @type {string} */ where, /** @type {RequestInit} */ more) => this.#fetch(where, more),
      setTimeout: (/** @type {() => void} */ act, /** @type {number} */ wait) => {
        this.#timers.set(++this.#id, { at: this.#time + wait, act });
        return this.#id;
      },
      clearTimeout: (/** @type {number} */ id) => this.#timers.delete(id),
      performance: { now: () => this.#time },
    };
    for (const [name, value] of Object.entries(globals)) {
      // Some are only to be read.
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    Date.now = () => BEGINNING + this.#time;
  }

  /**
   * @param {string} where
   * @param {RequestInit} more
   * @returns {Promise<any>}
   */
  #fetch(where, { method = 'GET', signal }) {
    return new Promise((resolve, reject) => {
      const abort = () => {
        request.isOpen = false;
        reject(new DOMException('It was given up.', 'AbortError'));
      };
      const leave = () => signal?.removeEventListener('abort', abort);
      const request = { method, where, isOpen: true, resolve, reject, leave };
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort);
      this.requests.push(request);
    });
  }

  /** @param {string} address */
  #replace(address) {
    this.replaced.push(address);
    this.location.hash = address;
  }

  /** Where something is asked for at the moment. */
  get asked() {
    return this.requests.filter(({ isOpen }) => isOpen).map(({ where }) => where);
  }

  /** The stream that was opened last. */
  get stream() {
    return /** @type {Stream} */ (this.streams[this.streams.length - 1]);
  }

  /** How many streams take a connection. */
  get connections() {
    return this.streams.filter(({ readyState }) => readyState !== Stream.CLOSED).length;
  }

  /** How many things wait for the time to pass. */
  get waiting() {
    return this.#timers.size;
  }

  /**
   * Answers the oldest request for an address.
   *
   * @param {string} where the address begins so
   * @param {unknown} [body]
   * @param {number} [status]
   */
  async answers(where, body = {}, status = 200) {
    const request = this.#take(where);
    const text = JSON.stringify(body);
    request.resolve({ ok: status < 400, status, statusText: 'As it is', json: async () => JSON.parse(text) });
    await settled();
  }

  /** Nobody answers the oldest request for an address. @param {string} where */
  async fails(where) {
    this.#take(where).reject(new TypeError('fetch failed'));
    await settled();
  }

  /** @param {string} where */
  #take(where) {
    const request = this.requests.find((one) => one.isOpen && one.where.startsWith(where));
    assert.ok(request, `${where} is not asked for, but ${this.asked.join(' and ') || 'nothing'}`);
    request.isOpen = false;
    request.leave();
    return request;
  }

  /** The time goes on. @param {number} duration in milliseconds */
  async passes(duration) {
    const end = this.#time + duration;
    for (;;) {
      const [next] = [...this.#timers].filter(([, { at }]) => at <= end).sort((one, other) => one[1].at - other[1].at);
      if (!next) {
        break;
      }
      const [id, { at, act }] = next;
      this.#timers.delete(id);
      this.#time = at;
      act();
      await settled();
    }
    this.#time = end;
  }

  /** @param {'visible' | 'hidden'} state */
  becomes(state) {
    this.document.visibilityState = state;
    this.document.dispatchEvent(new Event('visibilitychange'));
  }

  /** Something happens to the window. @param {string} kind */
  happens(kind) {
    this.#window.dispatchEvent(new Event(kind));
  }

  /** Somebody follows a link. @param {string} address */
  goes(address) {
    this.location.hash = address;
    this.happens('hashchange');
  }
}

/** An EventSource that hears what the test says. */
export class Stream extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 2;

  /** @type {Browser} */
  static browser;

  readyState = Stream.CONNECTING;

  /** @param {string} address */
  constructor(address) {
    super();
    this.address = address;
    Stream.browser.streams.push(this);
  }

  close() {
    this.readyState = Stream.CLOSED;
  }

  /** It is connected: at first, or again by itself. */
  async opens() {
    await this.#hears('open', Stream.OPEN);
  }

  /**
   * @param {'run' | 'deleted' | 'sketch' | 'reset' | 'beat'} kind
   * @param {unknown} [data]
   */
  async says(kind, data = {}) {
    await this.#hears(kind, Stream.OPEN, { data: JSON.stringify(data) });
  }

  /** The connection breaks, and the browser takes another. */
  async breaks() {
    await this.#hears('error', Stream.CONNECTING);
  }

  /** The answer is no stream, and the browser leaves it. */
  async ends() {
    await this.#hears('error', Stream.CLOSED);
  }

  /**
   * @param {string} kind
   * @param {number} state
   * @param {object} [more]
   */
  async #hears(kind, state, more) {
    // Who has closed it hears nothing more.
    if (this.readyState !== Stream.CLOSED) {
      this.readyState = state;
      this.dispatchEvent(Object.assign(new Event(kind), more));
    }
    await settled();
  }
}

class Custom extends Event {
  /**
   * @param {string} kind
   * @param {{detail?: unknown}} [said]
   */
  constructor(kind, { detail } = {}) {
    super(kind);
    this.detail = detail;
  }
}
