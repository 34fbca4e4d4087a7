// @ts-check
/** The page: what is around all views, and which one is shown. */

import { html, nothing, render } from './lib/lit-html/lit-html.js';
import * as api from './api.js';
import './chart.js';
import { Compare } from './compare.js';
import { emptyView, valueOf } from './elements.js';
import { Policies } from './policies.js';
import { References } from './references.js';
import { follow, here } from './route.js';
import { RunView } from './run.js';
import { Runs } from './runs.js';
import { SignIn } from './signin.js';
import { Watch } from './watch.js';

/**
 * A part of the page with an address of its own.
 *
 * @typedef {object} View
 * @property {string} title
 * @property {boolean} isReady whether it has what it shows
 * @property {boolean} [showsAllRuns] whether it changes with any run
 * @property {() => unknown} template
 * @property {() => void} [drawn] called after each time that it was drawn
 * @property {() => void} close
 */

/** Changes that come together are drawn together, and the page is drawn no more often than this. */
const LEAST_BETWEEN_MS = 100;

const AGES_MS = 5000;

const THEMES = /** @type {const} */ (['system', 'light', 'dark']);

export class App {
  watch = new Watch();
  route = here();

  /** @type {import('./api.js').Session | undefined} */
  session;

  /** @type {View | undefined} */
  #view;

  /** What the view is for; another one needs another view. */
  #key = '';

  /** It stays when another is shown: who comes back finds it as it was. */
  table = new Runs(this);

  /** @type {unknown} */
  #failure;
  #isDue = false;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #drawnAt = -LEAST_BETWEEN_MS;
  #isFocusDue = false;

  constructor() {
    this.watch.addEventListener('runs', () => this.#view?.showsAllRuns && this.refresh());
    this.watch.addEventListener('status', () => this.refresh());
    this.watch.addEventListener('signedout', () => this.#signedOut());
    follow(() => this.#follow());
    // Ages go on when nothing happens.
    setInterval(() => this.refresh(), AGES_MS);
  }

  /** Asks who is signed in, and shows what the address says. */
  async start() {
    this.#failure = undefined;
    this.refresh();
    try {
      this.session = await api.session();
      this.watch.open();
    } catch (failure) {
      if (failure instanceof api.Problem && failure.status === 401) {
        this.session = undefined;
      } else {
        this.#failure = failure;
      }
    }
    this.#key = '';
    this.#follow();
  }

  /**
   * Whether a scope is there.
   *
   * @param {'write' | 'admin'} scope
   */
  may(scope) {
    const { session } = this;
    return (
      session !== undefined &&
      (!session.tokensRequired || (session.scopes ?? []).some((one) => one === scope || one === 'admin'))
    );
  }

  /** Draws the page soon: with the next frame, unless it was drawn a moment ago. */
  refresh() {
    if (this.#timer === undefined && !this.#isDue) {
      const wait = Math.max(0, this.#drawnAt + LEAST_BETWEEN_MS - performance.now());
      this.#timer = setTimeout(() => this.#drawNext(), wait);
    }
  }

  /** Draws the page with the next frame: what somebody did is seen at once. */
  #drawNext() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isDue) {
      return;
    }
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#drawnAt = performance.now();
      this.#draw();
    });
  }

  #follow() {
    this.route = here();
    const { key, make } = this.session ? placeOf(this.route.path) : SIGN_IN;
    if (key !== this.#key && !this.#failure) {
      const isFirst = this.#key === '';
      this.#view?.close();
      this.#key = key;
      this.#view = make(this);
      this.#isFocusDue = !isFirst;
      delete document.documentElement.dataset['ready'];
      if (!isFirst) {
        scrollTo(0, 0);
      }
    }
    this.#drawNext();
  }

  #signedOut() {
    this.session = undefined;
    this.#follow();
  }

  #draw() {
    render(this.#template(), /** @type {HTMLElement} */ (document.getElementById('app')));
    document.title = (this.#view ? this.#view.title + ' · ' : '') + 'Latentgauge';
    this.#view?.drawn?.();
    if (!(this.#view ? this.#view.isReady : this.#key !== '')) {
      return;
    }
    document.documentElement.dataset['ready'] = this.#key.split('/', 1)[0];
    // Not before: what says that something is being read goes, and the focus with it.
    if (this.#isFocusDue) {
      this.#isFocusDue = false;
      /** @type {HTMLElement | null} */ (document.querySelector('main h1'))?.focus({ preventScroll: true });
    }
  }

  #template() {
    return html`<a class="skip" href="#main" @click=${(/** @type {Event} */ event) => skip(event)}
        >Skip to the content</a
      >
      <header class="bar">
        <a class="brand" href="#/"><img src="ui/icon.svg" alt="" width="24" height="24" /> Latentgauge</a>
        ${this.session ? this.#navigation() : nothing}
        <span class="spring"></span>
        ${this.session ? this.#connection() : nothing}
        <label class="choice"
          ><span class="hidden">Colours</span>
          <select @change=${(/** @type {Event} */ event) => choose(valueOf(event))}>
            ${THEMES.map(
              (theme) => html`<option value=${theme} ?selected=${theme === chosenTheme()}>${theme} colours</option>`,
            )}
          </select></label
        >
        ${this.session?.name
          ? html`<span class="faint" title="Scopes: ${(this.session.scopes ?? []).join(', ')}"
                >${this.session.name}</span
              >
              <button type="button" class="tool" @click=${() => this.#signOut()}>Sign out</button>`
          : nothing}
      </header>
      ${this.session ? this.#banner() : nothing}
      <main id="main" tabindex="-1">${this.#content()}</main>
      <footer>
        ${this.session
          ? html`Latentgauge ${this.session.version} · <a href="openapi.yaml">API</a> · <a href="metrics">metrics</a>`
          : nothing}
      </footer>`;
  }

  #navigation() {
    const [kind] = this.route.path;
    /** @type {[string, string, boolean][]} */
    const places = [
      ['#/', 'Runs', kind === undefined || kind === 'runs'],
      ['#/compare', 'Compare', kind === 'compare'],
      ['#/policies', 'Policies', kind === 'policies'],
      ['#/references', 'References', kind === 'references'],
    ];
    return html`<nav aria-label="Views">
      ${places.map(
        ([href, text, isHere]) => html`<a href=${href} aria-current=${isHere ? 'page' : nothing}>${text}</a>`,
      )}
    </nav>`;
  }

  #connection() {
    const words = { reading: 'reading …', live: 'live', lost: 'disconnected', failed: 'disconnected' };
    const { kind } = this.watch.status;
    return html`<span class="connection connection-${kind}" role="status">${words[kind]}</span>`;
  }

  #banner() {
    const { kind, since, detail } = this.watch.status;
    if (kind === 'live' || kind === 'reading') {
      return nothing;
    }
    const time = since.toLocaleTimeString('en', { hourCycle: 'h23' });
    return html`<p class="banner" role="alert">
      ${kind === 'lost'
        ? `The collector has not answered since ${time}. What you see is from before; it goes on by itself when the collector is back.`
        : `The runs could not be read: ${detail ?? 'for an unknown reason'} It is tried again.`}
    </p>`;
  }

  #content() {
    if (this.#failure) {
      return html`<div class="placeholder" role="alert">
        <h1>The collector does not answer as it should</h1>
        <p>${this.#failure instanceof Error ? this.#failure.message : String(this.#failure)}</p>
        <button type="button" @click=${() => this.start()}>Try again</button>
      </div>`;
    } else if (this.#view) {
      return this.#view.template();
    }
    return this.#key === ''
      ? emptyView('One moment …')
      : emptyView(
          'Nothing is here',
          html`<p>See all <a href="#/">runs</a>, or the <a href="#/references">references</a>.</p>`,
        );
  }

  async #signOut() {
    this.watch.close();
    try {
      await api.signOut();
    } finally {
      location.reload();
    }
  }
}

/**
 * A view and what it is for: another run wants another view, other parameters do not.
 *
 * @typedef {{key: string, make: (app: App) => View | undefined}} Place
 */

/** @type {Place} */
const SIGN_IN = { key: 'signin', make: (app) => new SignIn(app) };

/**
 * @param {string[]} path
 * @returns {Place}
 */
function placeOf([kind, name, ...more]) {
  if (kind === undefined || (kind === 'runs' && name === undefined)) {
    return { key: 'runs', make: (app) => app.table };
  } else if (kind === 'runs' && name !== undefined && more.length === 0) {
    return { key: 'run/' + name, make: (app) => new RunView(app, name) };
  } else if (kind === 'compare' && name === undefined) {
    return { key: 'compare', make: (app) => new Compare(app) };
  } else if (kind === 'policies' && more.length === 0) {
    return { key: name === undefined ? 'policies' : 'policy/' + name, make: (app) => new Policies(app) };
  } else if (kind === 'references' && more.length === 0) {
    return { key: name === undefined ? 'references' : 'reference/' + name, make: (app) => new References(app) };
  }
  return { key: 'nowhere', make: () => undefined };
}

/** The fragment is an address: a link to a part of the page must not take its place. @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

const chosenTheme = () => document.documentElement.dataset['choice'];

/** @param {string} theme one of {@link THEMES} */
function choose(theme) {
  document.documentElement.dataset['choice'] = theme;
  try {
    localStorage.setItem('latentgauge.theme', theme);
  } catch {
    // It holds for this page then.
  }
  // What is drawn first, before there are modules, knows both.
  dispatchEvent(new Event('latentgauge.choice'));
}

new App().start();
