// @ts-check
/** Signing in, where the collector wants a token. */

import { html, nothing } from './lib/lit-html/lit-html.js';
import * as api from './api.js';

export class SignIn {
  title = 'Sign in';
  #app;
  #problem = '';
  #isBusy = false;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  get isReady() {
    return true;
  }

  close() {}

  template() {
    return html`<form class="signin" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event)}>
      <h1 tabindex="-1">Sign in</h1>
      <p>
        This collector wants a token. Whoever runs it makes one for you by
        <code>latentgauge token create --name you --scope read</code>, or with <code>--scope admin</code> if you are to
        stop and delete runs.
      </p>
      <label>
        Token
        <input
          name="token"
          type="password"
          autocomplete="current-password"
          required
          spellcheck="false"
          aria-describedby="signin-problem"
        />
      </label>
      <div id="signin-problem" role="alert">
        ${this.#problem ? html`<p class="problem">${this.#problem}</p>` : nothing}
      </div>
      <button class="primary" ?disabled=${this.#isBusy}>Sign in</button>
      <p class="faint">The browser keeps a cookie for twelve hours, and not the token.</p>
    </form>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const token = String(new FormData(form).get('token')).trim();
    this.#isBusy = true;
    this.#app.refresh();
    try {
      await api.signIn(token);
      this.#app.start();
    } catch (failure) {
      this.#problem = failure instanceof Error ? sentence(failure.message) : String(failure);
      this.#isBusy = false;
      this.#app.refresh();
    }
  }
}

/** @param {string} text */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
