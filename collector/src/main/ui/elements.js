// @ts-check
/** Small parts that several views have. */

import { html, nothing, svg } from './lib/lit-html/lit-html.js';
import { live } from './lib/lit-html/directives/live.js';
import { AXES } from './curves.js';
import { CONFIDENCE, NOTHING, fixed, percent, signed } from './format.js';
import { change } from './route.js';
import { course, polylines } from './trend.js';

/** @typedef {import('./api.js').Observation} Observation */
/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./api.js').RunState} RunState */
/** @typedef {import('./api.js').SeriesTrend} SeriesTrend */

/** What is filled in, or chosen, where something happened. @param {Event} event */
export const valueOf = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;

/** @type {RunState[]} */
export const STATES = ['live', 'completed', 'stopped', 'failed', 'lost'];

/** What stands for a text that is empty. */
export const EMPTY = html`<i class="faint">empty</i>`;

/** @type {Record<RunState, string>} */
const MEANINGS = {
  live: 'It is training.',
  completed: 'It came to its end.',
  stopped: 'It was stopped before its end.',
  failed: 'It ended by a failure.',
  lost: 'It has given no word for long.',
};

/** @param {{state: RunState, reason?: string | undefined}} run */
export const stateBadge = ({ state, reason }) =>
  html`<span class="state state-${state}" title=${MEANINGS[state] + (reason ? ' ' + reason : '')}>${state}</span>`;

/** The score with half the width of its interval. @param {Observation | undefined} observation */
export function scoreWithInterval(observation) {
  if (!observation) {
    return html`<span class="faint">${NOTHING}</span>`;
  } else if (observation.score === undefined) {
    return html`<span class="undefined" title=${observation.undefined ?? ''}>undefined</span>`;
  }
  const half = CONFIDENCE * (observation.standardError ?? 0);
  return html`${fixed(observation.score)} <span class="faint">± ${fixed(half)}</span>`;
}

/** The predicted accuracy with its interval. @param {Observation | undefined} observation */
export function accuracyWithInterval(observation) {
  const predicted = observation?.predictedAccuracy;
  return predicted
    ? html`${percent(predicted.value)}
        <span class="faint">${fixed(predicted.low * 100, 1)}–${fixed(predicted.high * 100, 1)}</span>`
    : html`<span class="faint">${NOTHING}</span>`;
}

const SPARK_WIDTH = 110;
const SPARK_HEIGHT = 26;

/** What was drawn of trends, while they are the same. @type {WeakMap<SeriesTrend, string[]>} */
const sparks = new WeakMap();

/** A small picture of how the score went. @param {SeriesTrend | undefined} trend */
export function sparkline(trend) {
  if (!trend || trend.steps.length < 2) {
    return nothing;
  }
  let lines = sparks.get(trend);
  if (!lines) {
    lines = polylines(trend.steps, trend.scores, SPARK_WIDTH, SPARK_HEIGHT);
    sparks.set(trend, lines);
  }
  return html`<svg
    class="spark"
    width=${SPARK_WIDTH}
    height=${SPARK_HEIGHT}
    viewBox="0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}"
    aria-hidden="true"
  >
    ${lines.map((line) => svg`<polyline points=${line} />`)}
  </svg>`;
}

/** @type {Record<string, string>} */
const ARROWS = { rising: '↗', falling: '↘', level: '→' };

/** Where the score goes. @param {SeriesTrend | undefined} trend */
export function trendArrow(trend) {
  const found = trend && course(trend.steps, trend.scores);
  return found
    ? html`<span
        class="trend trend-${found.direction}"
        title="Over the newest half of its steps, by a straight line; ${found.direction === 'level'
          ? 'no more than its noise.'
          : 'beyond its noise.'}"
        ><span aria-hidden="true">${ARROWS[found.direction]}</span>
        <span class="hidden">${found.direction}</span> ${signed(found.change)}</span
      >`
    : html`<span class="faint">${NOTHING}</span>`;
}

/**
 * How strongly curves are smoothed, as the address has it.
 *
 * @param {URLSearchParams} query
 */
export const smoothingOf = (query) => Math.min(0.99, Math.max(0, Number(query.get('smooth')) || 0));

/** @param {number} smoothing */
export const smoothingChoice = (smoothing) =>
  html`<label class="choice"
    >Smoothing
    <input
      type="range"
      min="0"
      max="0.99"
      step="0.01"
      .value=${live(String(smoothing))}
      @input=${(/** @type {Event} */ event) => {
        const value = valueOf(event);
        change({ smooth: value === '0' ? undefined : value });
      }}
    />
    <output>${smoothing.toFixed(2)}</output></label
  >`;

/**
 * What curves are drawn over.
 *
 * @param {import('./curves.js').Axis} axis
 */
export const axisChoice = (axis) =>
  html`<label class="choice"
    >Over
    <select @change=${(/** @type {Event} */ event) => change({ x: valueOf(event) })}>
      ${Object.entries(AXES).map(
        ([id, label]) => html`<option value=${id} ?selected=${id === axis}>${label.toLowerCase()}</option>`,
      )}
    </select></label
  >`;

/**
 * Layers and references to choose from.
 *
 * @param {[layer: string, reference: string, key: string][]} all
 * @param {string} chosen the key of one
 */
export const seriesOptions = (all, chosen) =>
  all.map(
    ([layer, reference, key]) =>
      html`<option value=${key} ?selected=${key === chosen}>${layer} · ${reference}</option>`,
  );

/**
 * A button that copies a text.
 *
 * @param {() => string} text
 * @param {string} [label]
 */
export const copyButton = (text, label = 'Copy') =>
  html`<button
    type="button"
    class="tool"
    @click=${async (/** @type {Event} */ event) => {
      const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
      button.textContent = (await copied(text())) ? 'Copied' : 'Could not copy';
      setTimeout(() => (button.textContent = label), 2000);
    }}
  >
    ${label}
  </button>`;

/**
 * Copies a text; also where the page came by plain http from another machine, and has no clipboard.
 *
 * @param {string} text
 */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'hidden';
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}

/**
 * What stands in place of something that is not there, and what to do.
 *
 * @param {string} title
 * @param {unknown} [text]
 */
export const placeholder = (title, text = nothing) =>
  html`<div class="placeholder">
    <h2>${title}</h2>
    <div>${text}</div>
  </div>`;

/**
 * The same in place of a whole view.
 *
 * @param {string} title
 * @param {unknown} [text]
 */
export const emptyView = (title, text = nothing) =>
  html`<div class="placeholder">
    <h1 tabindex="-1">${title}</h1>
    <div>${text}</div>
  </div>`;

/**
 * A failure, with a way to try again.
 *
 * @param {unknown} failure
 * @param {() => void} again
 */
export const failed = (failure, again) =>
  html`<div class="placeholder" role="alert">
    <h2>This could not be read</h2>
    <p>${failure instanceof Error ? failure.message : String(failure)}</p>
    <button type="button" @click=${again}>Try again</button>
  </div>`;

/**
 * Pairs of words and what they say; those that say nothing are left out.
 *
 * @param {[string, unknown][]} pairs
 */
export const facts = (pairs) =>
  html`<dl class="facts">
    ${pairs
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;

/**
 * Asks before something is done that cannot be taken back, or that others feel.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.action what the button says
 * @param {string} [question.ask] a text that may be given with it
 * @returns {Promise<string | undefined>} the text; undefined if it is not to be done
 */
export function confirmed({ title, text, action, ask }) {
  const dialog = document.createElement('dialog');
  const form = document.createElement('form');
  form.method = 'dialog';
  const heading = document.createElement('h2');
  heading.textContent = title;
  heading.id = 'dialog-title';
  dialog.setAttribute('aria-labelledby', heading.id);
  const words = document.createElement('p');
  words.textContent = text;
  const input = document.createElement('input');
  input.type = 'text';
  const field = document.createElement('label');
  field.append(ask ?? '', input);
  const buttons = document.createElement('div');
  buttons.className = 'buttons';
  // The first is the one that Enter means.
  const cancel = dialogButton('Cancel', '');
  buttons.append(dialogButton(action, 'do'), cancel);
  // A second Enter must not do what cannot be undone.
  cancel.autofocus = !ask;
  form.append(heading, words, ...(ask ? [field] : []), buttons);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'do' ? input.value.trim() : undefined);
    });
  });
}

/**
 * @param {string} text
 * @param {string} value
 */
function dialogButton(text, value) {
  const button = document.createElement('button');
  button.textContent = text;
  button.value = value;
  button.className = value === 'do' ? 'danger' : '';
  return button;
}
