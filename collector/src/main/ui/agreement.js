// @ts-check
/**
 * How far runs agree with each other, by the sketches that they send: a map of all pairs, the consensus of each with
 * the others, and the probes as two of them describe them.
 */

import { html, nothing } from './lib/lit-html/lit-html.js';
import { guard } from './lib/lit-html/directives/guard.js';
import { LiveDocument } from './document.js';
import { failed, stateBadge, valueOf } from './elements.js';
import { csv, save } from './export.js';
import { CONFIDENCE, NOTHING, counted, fixed, whole } from './format.js';
import { at } from './lookup.js';
import { exportPlane, maps } from './maps.js';
import { LEVELS, ORDERS, levelOf, orderOf, placesOf, rangeOf, rowsOf } from './matrix.js';
import { change, link } from './route.js';

/** @typedef {import('./api.js').Comparison} Comparison */
/** @typedef {import('./api.js').Plane} Plane */

/** With more, cells have no room for a number. */
const MOST_NUMBERED = 16;

export class Agreement {
  #app;

  /** @type {{key: string, names: string[], document: LiveDocument<Comparison>} | undefined} */
  #matrix;

  /** @type {{key: string, names: string[], document: LiveDocument<Plane>} | undefined} */
  #plane;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
    app.watch.addEventListener('sketch', this.#sketched);
    app.watch.addEventListener('deleted', this.#deleted);
    app.watch.addEventListener('read', this.#readAgain);
  }

  close() {
    this.#app.watch.removeEventListener('sketch', this.#sketched);
    this.#app.watch.removeEventListener('deleted', this.#deleted);
    this.#app.watch.removeEventListener('read', this.#readAgain);
    this.#matrix?.document.close();
    this.#plane?.document.close();
  }

  get isReady() {
    return [this.#matrix, this.#plane].every((shown) => !shown?.document.isReading);
  }

  /** Whether runs are compared. */
  get hasRuns() {
    return (this.#matrix?.document.value?.runs.length ?? 0) > 0;
  }

  #sketched = (/** @type {Event} */ event) =>
    this.#expire(/** @type {CustomEvent<import('./watch.js').Sketched>} */ (event).detail.run);

  #deleted = (/** @type {Event} */ event) => this.#expire(/** @type {CustomEvent<string>} */ (event).detail);

  #readAgain = () => this.#expire();

  /** @param {string} [run] what has changed; all if there is none */
  #expire(run) {
    for (const shown of [this.#matrix, this.#plane]) {
      if (shown && (run === undefined || shown.names.length === 0 || shown.names.includes(run))) {
        shown.document.expire();
      }
    }
  }

  /**
   * @param {string[]} names of at least two runs; or of none, and then all are compared that can be
   */
  template(names) {
    const { query } = this.#app.route;
    const [layer, probes] = (query.get('sketches') ?? '').split('/');
    const key = JSON.stringify([names, layer, probes]);
    const parameters = { runs: names.join(',') || undefined, layer: layer || undefined, probes: probes || undefined };
    const before = this.#matrix?.document.value;
    this.#matrix = this.#following(this.#matrix, key, names, ['comparisons'], parameters, before);
    const { value, failure } = this.#matrix.document;
    return html`<section aria-labelledby="agreement">
      ${value
        ? html`${value.runs.length > 0 ? this.#body(value) : this.#nothing(value, names)} ${outdated(failure)}`
        : html`${head()} ${failure === undefined ? MOMENT : failed(failure, () => this.#expire())}`}
    </section>`;
  }

  /**
   * @template {Comparison | Plane} T
   * @param {{key: string, names: string[], document: LiveDocument<T>} | undefined} shown
   * @param {string} key of what is to be shown
   * @param {string[]} names
   * @param {string[]} path
   * @param {import('./api.js').Parameters} parameters
   * @param {T} [before] what is shown until it is read
   */
  #following(shown, key, names, path, parameters, before) {
    if (shown?.key === key) {
      return shown;
    }
    shown?.document.close();
    const changed = () => this.#app.refresh();
    /** @type {LiveDocument<T>} */
    const document = new LiveDocument(path, parameters, changed, before);
    return { key, names, document };
  }

  /** @param {Comparison} comparison */
  #body(comparison) {
    const { query } = this.#app.route;
    const order = orderOf(query.get('order'));
    const places = placesOf(comparison, order);
    const pair = pairOf(comparison, query.get('pair'));
    const { layer, probes, probeCount, anchors, missing } = comparison;
    // A run that ends sends no sketch then.
    const states = comparison.runs.map(({ run, state }) => this.#app.watch.runs.get(run)?.state ?? state);
    return html`${head(
        html`${this.#choices(comparison, order)}
          <button type="button" class="tool" @click=${() => exportMatrix(comparison, places)}>CSV</button>`,
      )}
      <p class="note">
        Scores of pairs, with either as the reference of the other: 0 is chance, 1 the same. The consensus of a run is
        its score against the mean of the others here, so it depends on which these are, and on how far they have come;
        its ± is over the choice of probes alone. A low one says that a run is unlike the rest, and not that the rest is
        right. By ${whole(probeCount)} probes and ${whole(anchors)} anchors of ${shortened(probes)}, layer ${layer}.
      </p>
      ${guard([comparison, order, pair?.join(','), states.join()], () => matrix(comparison, states, places, pair))}
      ${notCompared(missing)} ${pair ? this.#pair(comparison, pair) : this.#noPair()}`;
  }

  /** @param {Comparison} comparison */
  #groups({ layer, probes, groups, runs }) {
    return html`<label class="choice"
      >Layer and probes
      <select @change=${(/** @type {Event} */ event) => change({ sketches: valueOf(event), pair: undefined })}>
        ${runs.length === 0 ? html`<option selected disabled>choose</option>` : nothing}
        ${groups.map(
          (group) =>
            html`<option
              value="${group.layer}/${group.probes}"
              ?selected=${runs.length > 0 && group.layer === layer && group.probes === probes}
            >
              ${group.layer} · ${shortened(group.probes)} (${counted(group.runs, 'run')})
            </option>`,
        )}
      </select></label
    >`;
  }

  /**
   * @param {Comparison} comparison
   * @param {import('./matrix.js').Order} order
   */
  #choices(comparison, order) {
    return html`${comparison.groups.length > 1 ? this.#groups(comparison) : nothing}
      <label class="choice"
        >Order
        <select @change=${(/** @type {Event} */ event) => change({ order: valueOf(event) })}>
          ${Object.entries(ORDERS).map(
            ([id, label]) => html`<option value=${id} ?selected=${id === order}>${label}</option>`,
          )}
        </select></label
      >`;
  }

  /**
   * @param {Comparison} comparison
   * @param {[number, number]} pair
   */
  #pair(comparison, [i, j]) {
    const { layer, probes, runs, scores } = comparison;
    const [one, other] = [at(runs, i), at(runs, j)];
    const hasScore = at(at(scores, i), j) !== null;
    if (!hasScore) {
      this.#closePlane();
    }
    return html`<div class="title">
        <h3>${one.run} and ${other.run}</h3>
        ${hasScore ? html`<span class="faint">score ${wordsOf(comparison, i, j)}</span>` : nothing}
        <span class="spring"></span>
        ${hasScore ? this.#planeTools() : nothing}
        <button type="button" class="tool" @click=${() => change({ pair: undefined })}>Close</button>
      </div>
      ${hasScore
        ? this.#maps([one.run, other.run], { layer, probes })
        : html`<p class="note">
            They have no score:
            ${one.consensus.undefined ?? other.consensus.undefined ?? 'neither tells the probes apart'}.
          </p>`}`;
  }

  #planeTools() {
    const plane = this.#plane?.document.value;
    return plane ? html`<button type="button" class="tool" @click=${() => exportPlane(plane)}>CSV</button>` : nothing;
  }

  /**
   * @param {string[]} names of two runs
   * @param {{layer: string | undefined, probes: string | undefined}} key
   */
  #maps(names, { layer, probes }) {
    const key = JSON.stringify([names, layer, probes]);
    const parameters = { runs: names.join(','), layer, probes };
    this.#plane = this.#following(this.#plane, key, names, ['comparisons', 'plane'], parameters);
    const { value, failure } = this.#plane.document;
    return value
      ? html`${guard([value], () => maps(value))} ${outdated(failure)}`
      : failure === undefined
        ? MOMENT
        : failed(failure, () => this.#plane?.document.expire());
  }

  #closePlane() {
    this.#plane?.document.close();
    this.#plane = undefined;
  }

  #noPair() {
    this.#closePlane();
    return html`<p class="note">
      Choose a cell, by the pointer or by arrows and Enter, to see the probes as both runs describe them.
    </p>`;
  }

  /**
   * @param {Comparison} comparison of no runs
   * @param {string[]} names
   */
  #nothing(comparison, names) {
    this.#closePlane();
    const some = names.length > 0 ? 'of these ' : '';
    return comparison.groups.length > 0
      ? html`${head(this.#groups(comparison))}
          <p class="note">
            No two ${some}runs have a sketch of the same layer and the same
            probes${names.length > 0 ? nothing : ' as these'}.
          </p>
          ${notCompared(comparison.missing)}`
      : html`${head()}
          <p class="note">
            No two ${some}runs have sent sketches, by which they are compared without a reference. They send them by
            <code>probes=</code> instead of <code>reference=</code>, or <code>sketch=True</code> beside it, in PyTorch,
            by <code>TrainingMonitor.builder(probes)</code> or <code>sketches(true)</code> in DJL, and by
            <code>sketches: true</code> in monitor.yaml.
          </p>`;
  }
}

/** @param {unknown} tools */
const head = (tools = nothing) =>
  html`<div class="title">
    <h2 id="agreement">Agreement with each other</h2>
    <span class="spring"></span>${tools}
  </div>`;

const MOMENT = html`<p class="note">One moment …</p>`;

/** That what is shown is from before. @param {unknown} failure if there was one */
const outdated = (failure) =>
  failure === undefined
    ? nothing
    : html`<p class="note">
        This is from before, and could not be read anew: ${failure instanceof Error ? failure.message : String(failure)}
      </p>`;

/** @param {{run: string, reason: string}[]} missing */
const notCompared = (missing) =>
  missing.length === 0
    ? nothing
    : html`<p class="note">
        Not compared:
        ${missing.map(({ run, reason }) => `${run} (${reason.replace(FINGERPRINTS, shortened)})`).join('; ')}.
      </p>`;

const FINGERPRINTS = /\b[0-9a-f]{64}\b/g;

/** A fingerprint by its beginning, a name as it is. */
const shortened = (probes = '') => (/^[0-9a-f]{64}$/.test(probes) ? probes.slice(0, 8) : probes);

/**
 * The places of the two runs that are to be looked at.
 *
 * @param {Comparison} comparison
 * @param {string | null} text their names
 * @returns {[number, number] | undefined}
 */
function pairOf({ runs }, text) {
  const [one = -1, other = -1] = (text ?? '').split(',').map((name) => runs.findIndex(({ run }) => run === name));
  return one >= 0 && other >= 0 && one !== other ? [one, other] : undefined;
}

/**
 * What a pair has come to.
 *
 * @param {Comparison} comparison
 * @param {number} i the place of one run
 * @param {number} j the place of the other
 */
function wordsOf({ scores, standardErrors }, i, j) {
  const score = at(at(scores, i), j);
  return score === null ? 'no score' : `${fixed(score)} ± ${fixed(CONFIDENCE * (at(at(standardErrors, i), j) ?? 0))}`;
}

/**
 * @param {Comparison} comparison
 * @param {import('./api.js').RunState[]} states of the runs, as they are now
 * @param {number[]} places
 * @param {[number, number] | undefined} pair
 */
function matrix(comparison, states, places, pair) {
  const { runs, scores } = comparison;
  const range = rangeOf(scores);
  const isNumbered = runs.length <= MOST_NUMBERED;
  const cell = (/** @type {number} */ i, /** @type {number} */ j) => {
    const score = at(at(scores, i), j);
    const names = `${at(runs, i).run} and ${at(runs, j).run}`;
    if (i === j) {
      return html`<td class="pair heat-self"></td>`;
    }
    const words = wordsOf(comparison, i, j);
    const isChosen = pair !== undefined && i === pair[0] && j === pair[1];
    const isFirst = i === places[0] && j === places[1];
    return html`<td class="pair">
      <button
        type="button"
        class="heat ${score === null ? 'heat-none' : 'heat-' + levelOf(score, range)}"
        data-pair="${at(runs, i).run},${at(runs, j).run}"
        aria-label="${names}: ${words}"
        aria-pressed=${isChosen}
        title="${names}: ${words}"
        tabindex=${isFirst ? 0 : -1}
      >
        ${isNumbered ? (score === null ? NOTHING : fixed(score, 2)) : nothing}
      </button>
    </td>`;
  };
  return html`<div class="table-frame" tabindex="0" role="region" aria-label="Scores of all pairs of runs">
      <table class="matrix ${isNumbered ? 'numbered' : ''}" @click=${choose} @keydown=${move}>
        <thead>
          <tr>
            <td></td>
            <th scope="col">State</th>
            <th scope="col" class="number">Step</th>
            <th scope="col" class="number">Consensus ± 95 %</th>
            ${places.map((i, column) => html`<th scope="col" title=${at(runs, i).run}>${column + 1}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${places.map((i, row) => {
            const { run, step, consensus } = at(runs, i);
            return html`<tr>
              <th scope="row"><span class="faint">${row + 1}</span> <a href=${link(['runs', run])}>${run}</a></th>
              <td>${stateBadge({ state: at(states, i) })}</td>
              <td class="number">${whole(step)}</td>
              <td class="number">${consensusWithInterval(consensus)}</td>
              ${places.map((j) => cell(i, j))}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="legend" aria-hidden="true">
      ${fixed(range.low, 2)} ${Array.from({ length: LEVELS }, (_, level) => html`<span class="heat-${level}"></span>`)}
      ${fixed(range.high, 2)}
    </p>`;
}

/** @param {import('./api.js').Consensus} consensus */
const consensusWithInterval = ({ score, standardError = 0, undefined: reason }) =>
  score === undefined
    ? html`<span class="undefined">undefined</span> <span class="sub reason-of">${reason ?? ''}</span>`
    : html`${fixed(score)} <span class="faint">± ${fixed(CONFIDENCE * standardError)}</span>`;

/** @param {Event} event */
function choose(event) {
  const cell = /** @type {HTMLElement} */ (event.target).closest('button');
  if (cell) {
    makeStop(cell);
    change({ pair: cell.getAttribute('aria-pressed') === 'true' ? undefined : cell.dataset['pair'] });
  }
}

/** @type {Record<string, [down: number, right: number]>} */
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The cells are one stop of the tabulator key; arrows go from one to another. @param {KeyboardEvent} event */
function move(event) {
  const from = /** @type {HTMLElement} */ (event.target).closest('td');
  const direction = MOVES[event.key];
  if (!from?.querySelector('button') || !direction) {
    return;
  }
  event.preventDefault();
  const body = /** @type {HTMLTableSectionElement} */ (from.closest('tbody'));
  const [down, right] = direction;
  let row = /** @type {HTMLTableRowElement} */ (from.parentElement).sectionRowIndex + down;
  let column = from.cellIndex + right;
  let button = buttonAt(body, row, column);
  if (!button) {
    // The diagonal is stepped over.
    button = buttonAt(body, (row += down), (column += right));
  }
  if (button) {
    makeStop(button);
    button.focus();
  }
}

/** Has the tabulator key stop at a cell, and at no other. @param {HTMLElement} cell */
function makeStop(cell) {
  cell
    .closest('tbody')
    ?.querySelectorAll('button[tabindex="0"]')
    .forEach((one) => one.setAttribute('tabindex', '-1'));
  cell.setAttribute('tabindex', '0');
}

/**
 * @param {HTMLTableSectionElement} body
 * @param {number} row
 * @param {number} column
 */
const buttonAt = (body, row, column) => body.rows[row]?.cells[column]?.querySelector('button');

/**
 * @param {Comparison} comparison
 * @param {number[]} places
 */
const exportMatrix = (comparison, places) => save('agreement.csv', 'text/csv', csv(rowsOf(comparison, places)));
