// @ts-check
/** Several runs at once: their curves in one chart, how far they agree, and the tags in which they differ. */

import { html, nothing } from './lib/lit-html/lit-html.js';
import { guard } from './lib/lit-html/directives/guard.js';
import { live } from './lib/lit-html/directives/live.js';
import { repeat } from './lib/lit-html/directives/repeat.js';
import { Agreement } from './agreement.js';
import * as api from './api.js';
import { COLORS } from './chart.js';
import { AXES, AXIS_FORMATS, SCORE, axisOf, curvesOf, measuresOf, pooled, position, smoothed } from './curves.js';
import {
  accuracyWithInterval,
  axisChoice,
  copyButton,
  placeholder,
  scoreWithInterval,
  seriesOptions,
  stateBadge,
  smoothingChoice,
  smoothingOf,
  valueOf,
} from './elements.js';
import { csv, save } from './export.js';
import { NOTHING, ago, counted, number, whole } from './format.js';
import { History } from './history.js';
import { own } from './lookup.js';
import { change, link } from './route.js';
import { MOST_COMPARED, seriesOf } from './runs.js';
import { seriesKey } from './watch.js';

/** @typedef {import('./api.js').Observation} Observation */
/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./chart.js').Line} Line */
/** @typedef {import('./curves.js').Curve} Curve */
/** @typedef {import('./curves.js').Measure} Measure */

const DASHES = [undefined, [8, 4], [2, 3]];

/** Beyond as many as there are colours, lines are told apart by their strokes. @param {number} i the number of a line */
const dashOf = (i) => DASHES[Math.floor(i / COLORS) % DASHES.length];

/** @type {Observation[]} */
const NONE = [];

/**
 * A run that is compared.
 *
 * @typedef {object} Compared
 * @property {Run} [run]
 * @property {unknown} [failure]
 * @property {string} series
 * @property {History | undefined} [history]
 */

/**
 * What is to be shown.
 *
 * @typedef {object} Chosen
 * @property {string} series
 * @property {Measure} measure
 * @property {import('./curves.js').Axis} axis
 * @property {number} smoothing
 * @property {boolean} isLogarithmic
 * @property {string} group the tag that makes groups; empty if each run is drawn by itself
 *
 * @typedef {{label: string, members: Run[]}} Group
 */

export class Compare {
  title = 'Compare';
  #app;
  #agreement;

  /** @type {Map<string, Compared>} */
  #compared = new Map();

  /** @type {Set<string>} */
  #hidden = new Set();

  /** The layer and reference that are shown unless others are asked for, and of how many runs they were chosen. */
  #usual = '';
  #usualOf = 0;

  /** What observations have values of, while they are the same. @type {WeakMap<Observation[], Measure[]>} */
  #measures = new WeakMap();

  /** What was made of observations, while they are the same. @type {WeakMap<Observation[], {key: string, curves: Curve[]}>} */
  #curves = new WeakMap();

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
    this.#agreement = new Agreement(app);
    app.watch.addEventListener('run', this.#changed);
    app.watch.addEventListener('deleted', this.#deleted);
    app.watch.addEventListener('read', this.#readAgain);
  }

  close() {
    this.#app.watch.removeEventListener('run', this.#changed);
    this.#app.watch.removeEventListener('deleted', this.#deleted);
    this.#app.watch.removeEventListener('read', this.#readAgain);
    this.#compared.forEach(({ history }) => history?.close());
    this.#agreement.close();
  }

  get isReady() {
    const areReady = this.#names().every((name) => {
      const compared = this.#compared.get(name);
      return compared?.failure !== undefined || (compared?.run && compared.history?.state !== 'reading');
    });
    return areReady && this.#agreement.isReady;
  }

  #changed = (/** @type {Event} */ event) => this.#take(/** @type {CustomEvent<Run>} */ (event).detail);

  #deleted = (/** @type {Event} */ event) => {
    const compared = this.#compared.get(/** @type {CustomEvent<string>} */ (event).detail);
    if (compared) {
      compared.failure = new api.Problem(404, 'It was deleted.');
      this.#app.refresh();
    }
  };

  #readAgain = () => [...this.#compared.keys()].forEach((name) => this.#find(name));

  /** @param {Run} run */
  #take(run) {
    const compared = this.#compared.get(run.name);
    if (compared) {
      compared.run = run;
      compared.failure = undefined;
      compared.history?.take(run);
      this.#app.refresh();
    }
  }

  #names() {
    return [...new Set(this.#app.route.query.getAll('run'))].slice(0, MOST_COMPARED);
  }

  /** Those that are compared, once they are known. */
  #follow() {
    const names = this.#names();
    for (const [name, { history }] of this.#compared) {
      if (!names.includes(name)) {
        history?.close();
        this.#compared.delete(name);
      }
    }
    for (const name of names) {
      if (!this.#compared.has(name)) {
        this.#compared.set(name, { series: '' });
        this.#find(name);
      }
    }
    return names;
  }

  /** @param {string} name */
  async #find(name) {
    const compared = /** @type {Compared} */ (this.#compared.get(name));
    try {
      this.#take(this.#app.watch.runs.get(name) ?? (await api.read(['runs', name])));
    } catch (failure) {
      compared.failure = failure;
    }
    this.#app.refresh();
  }

  template() {
    const names = this.#follow();
    const runs = names.flatMap((name) => this.#compared.get(name)?.run ?? []);
    const series = this.#readHistories(runs);
    return html`<nav class="crumbs" aria-label="Where this is"><a href="#/">Runs</a> / Compare</nav>
      <div class="title">
        <h1 tabindex="-1">Compare ${names.length > 0 ? counted(names.length, 'run') : 'runs'}</h1>
        <span class="spring"></span>
        ${this.#adder(names)} ${copyButton(() => location.href, 'Copy link')}
      </div>
      ${names.length === 0 ? noRuns(this.#agreement.hasRuns) : nothing} ${this.#missing(names)}
      ${runs.length > 0 ? this.#body(runs, series) : nothing}
      ${names.length !== 1 ? this.#agreement.template(names) : nothing}`;
  }

  /**
   * Which layer and reference is shown of the runs, and what they have observed of it.
   *
   * @param {Run[]} runs
   */
  #readHistories(runs) {
    const wanted = this.#wanted(runs);
    for (const run of runs) {
      const compared = /** @type {Compared} */ (this.#compared.get(run.name));
      const latest = run.latest.find((observation) => seriesKey(observation) === wanted);
      if (compared.series !== wanted || (latest && !compared.history)) {
        compared.history?.close();
        compared.series = wanted;
        compared.history = latest && new History(run, latest, () => this.#app.refresh());
      }
    }
    return wanted;
  }

  /** The one that is asked for; else the one that most runs had when they were first compared. @param {Run[]} runs */
  #wanted(runs) {
    const known = new Set(seriesOf(runs).map(([, , key]) => key));
    const asked = this.#app.route.query.get('series') ?? '';
    if (known.has(asked)) {
      return asked;
    } else if (!known.has(this.#usual) || runs.length !== this.#usualOf) {
      this.#usual = commonest(runs);
      this.#usualOf = runs.length;
    }
    return this.#usual;
  }

  /** @param {Run} run */
  #historyOf(run) {
    return this.#compared.get(run.name)?.history;
  }

  /** @param {Run} run */
  #observationsOf(run) {
    return this.#historyOf(run)?.observations ?? NONE;
  }

  /**
   * The curves of a run; made once for what it has observed, since most runs stay as they are when one reports.
   *
   * @param {Run} run
   * @param {Measure} measure
   * @param {import('./curves.js').Axis} axis
   * @param {(observation: Observation) => number} where
   */
  #curvesOf(run, measure, axis, where) {
    const observations = this.#observationsOf(run);
    const key = `${measure.id} ${axis}`;
    let made = this.#curves.get(observations);
    if (made?.key !== key) {
      made = { key, curves: curvesOf(observations, measure, where) };
      this.#curves.set(observations, made);
    }
    return made.curves;
  }

  /** @param {string[]} names */
  #adder(names) {
    const others = [...this.#app.watch.runs.keys()].filter((name) => !names.includes(name)).sort();
    const add = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      if (this.#app.watch.runs.has(input.value)) {
        change({ run: [...names, input.value] });
        input.value = '';
      }
    };
    return names.length >= MOST_COMPARED
      ? html`<span class="faint">${MOST_COMPARED} at most</span>`
      : html`<label class="choice"
            >Add a run <input type="text" list="others" size="24" spellcheck="false" @change=${add} @input=${add}
          /></label>
          <datalist id="others">
            ${others.slice(0, 1000).map((name) => html`<option value=${name}></option>`)}
          </datalist>`;
  }

  /** @param {string[]} names */
  #missing(names) {
    const missing = names.filter((name) => this.#compared.get(name)?.failure);
    return missing.length > 0
      ? html`<p class="problem" role="alert">
          Not here: ${missing.join(', ')}.
          <button type="button" @click=${() => change({ run: names.filter((name) => !missing.includes(name)) })}>
            Go on without
          </button>
        </p>`
      : nothing;
  }

  /**
   * @param {Run[]} runs
   * @param {string} series
   */
  #body(runs, series) {
    const measures = this.#measuresOf(runs);
    const chosen = this.#chosen(measures, series);
    const groups = chosen.group
      ? grouped(runs, chosen.group)
      : runs.map((run) => ({ label: run.name, members: [run] }));
    return html`${series
      ? this.#chart(runs, measures, groups, chosen)
      : html`<p class="note">Without observations, and so without curves.</p>`}
    ${this.#table(runs, series, groups)}`;
  }

  /**
   * @param {Run[]} runs
   * @param {Measure[]} measures
   * @param {Group[]} groups
   * @param {Chosen} chosen
   */
  #chart(runs, measures, groups, chosen) {
    const { series } = chosen;
    const without = runs.filter((run) => !run.latest.some((observation) => seriesKey(observation) === series));
    return html`${this.#choices(runs, measures, chosen)}
    ${guard(
      [
        JSON.stringify([chosen, groups.map(namesOf), [...this.#hidden]]),
        ...runs.map((run) => this.#observationsOf(run)),
      ],
      () => html`<lg-chart .spec=${this.#spec(runs, groups, chosen)}></lg-chart>`,
    )}
    ${without.length > 0
      ? html`<p class="note">
          Without this layer and reference, and so not drawn: ${without.map(({ name }) => name).join(', ')}.
        </p>`
      : nothing}`;
  }

  /**
   * What the address says that is to be shown.
   *
   * @param {Measure[]} measures what there is
   * @param {string} series
   * @returns {Chosen}
   */
  #chosen(measures, series) {
    const { query } = this.#app.route;
    return {
      series,
      measure: measures.find(({ id }) => id === query.get('y')) ?? SCORE,
      axis: axisOf(query.get('x')),
      smoothing: smoothingOf(query),
      isLogarithmic: query.get('scale') === 'log',
      group: query.get('group') ?? '',
    };
  }

  /**
   * @param {Run[]} runs
   * @param {Group[]} groups
   * @param {Chosen} chosen
   * @returns {import('./chart.js').Spec}
   */
  #spec(runs, groups, { measure, axis, smoothing, isLogarithmic, group }) {
    const place = (/** @type {Run} */ run) => position(axis, this.#historyOf(run)?.start ?? 0);
    const draw = (/** @type {Run} */ run) => this.#curvesOf(run, measure, axis, place(run));
    return {
      title: measure.label,
      lines: groups.flatMap(({ label, members }, i) =>
        group ? this.#groupLines(label, members, i, draw, smoothing) : this.#lines(label, i, draw, members, smoothing),
      ),
      axis: AXES[axis],
      isTime: axis === 'time',
      formatX: AXIS_FORMATS[axis],
      formatY: measure.format,
      isLogarithmic,
      height: 420,
      file: 'comparison',
      zoomed: (from, to) => runs.forEach((run) => this.#historyOf(run)?.zoom(place(run), from, to)),
      unzoomed: () => runs.forEach((run) => this.#historyOf(run)?.unzoom()),
      ...noteOf(group, smoothing),
    };
  }

  /** All that some of the runs have a value of. @param {Run[]} runs */
  #measuresOf(runs) {
    /** @type {Map<string, Measure>} */
    const found = new Map();
    for (const run of runs) {
      const observations = this.#observationsOf(run);
      let measures = this.#measures.get(observations);
      if (!measures) {
        this.#measures.set(observations, (measures = measuresOf(observations)));
      }
      measures.forEach((measure) => found.has(measure.id) || found.set(measure.id, measure));
    }
    return [...found.values()];
  }

  /**
   * @param {Run[]} runs
   * @param {Measure[]} measures
   * @param {Chosen} chosen
   */
  #choices(runs, measures, { series, measure, axis, smoothing, isLogarithmic, group }) {
    const all = seriesOf(runs);
    const differing = tagRows(runs, false).map(([name]) => name);
    return html`<div class="toolbar">
      <label class="choice"
        >Show
        <select @change=${(/** @type {Event} */ event) => change({ y: valueOf(event) })}>
          ${measures.map(({ id, label }) => html`<option value=${id} ?selected=${id === measure.id}>${label}</option>`)}
        </select></label
      >
      ${axisChoice(axis)}
      ${all.length > 1
        ? html`<label class="choice"
            >Layer and reference
            <select @change=${(/** @type {Event} */ event) => change({ series: valueOf(event) })}>
              ${seriesOptions(all, series)}
            </select></label
          >`
        : nothing}
      ${differing.length > 0 || group
        ? html`<label class="choice"
            >Group by
            <select @change=${(/** @type {Event} */ event) => change({ group: valueOf(event) })}>
              <option value="" ?selected=${group === ''}>nothing</option>
              ${[...new Set([...differing, ...(group ? [group] : [])])].map(
                (name) => html`<option value=${name} ?selected=${name === group}>${name}</option>`,
              )}
            </select></label
          >`
        : nothing}
      ${smoothingChoice(smoothing)}
      <label class="choice"
        ><input
          type="checkbox"
          .checked=${live(isLogarithmic)}
          @change=${() => change({ scale: isLogarithmic ? undefined : 'log' })}
        />
        logarithmic</label
      >
    </div>`;
  }

  /**
   * The lines of some runs together: their mean, and each of them behind it.
   *
   * @param {string} label
   * @param {Run[]} members
   * @param {number} color
   * @param {(run: Run) => Curve[]} draw
   * @param {number} smoothing
   * @returns {Line[]}
   */
  #groupLines(label, members, color, draw, smoothing) {
    const curves = members.filter(({ name }) => !this.#hidden.has(name)).flatMap((run) => draw(run).slice(-1));
    if (curves.length === 0) {
      return [];
    }
    const { xs, ys, lows, highs } = pooled(curves);
    return [
      ...curves.map((curve) => ({ label, color, xs: curve.xs, ys: curve.ys, faint: true })),
      {
        label: `${label} (${curves.length})${smoothing > 0 ? ', smoothed' : ''}`,
        color,
        xs,
        ys: smoothed(xs, ys, smoothing),
        lows,
        highs,
      },
    ];
  }

  /**
   * The lines of a run: its newest attempt, those before behind it.
   *
   * @param {string} label
   * @param {number} i
   * @param {(run: Run) => Curve[]} draw
   * @param {Run[]} members the run
   * @param {number} smoothing
   * @returns {Line[]}
   */
  #lines(label, i, draw, [run], smoothing) {
    if (!run || this.#hidden.has(run.name)) {
      return [];
    }
    const dash = dashOf(i);
    const curves = draw(run);
    return curves.flatMap(({ xs, ys }, nth) => {
      /** @type {Line} */
      const line = { label, color: i, xs, ys, ...(dash && { dash }) };
      if (nth < curves.length - 1) {
        return [{ ...line, faint: true }];
      }
      return smoothing > 0
        ? [
            { ...line, faint: true, kept: true },
            { ...line, label: `${label}, smoothed`, ys: smoothed(xs, ys, smoothing) },
          ]
        : [line];
    });
  }

  /**
   * Runs by columns; below what all have, the tags in which they differ.
   *
   * @param {Run[]} runs
   * @param {string} series
   * @param {Group[]} groups those of one colour
   */
  #table(runs, series, groups) {
    const isAll = this.#app.route.query.get('tags') === 'all';
    const rows = tagRows(runs, isAll);
    const same = tagRows(runs, true).length - tagRows(runs, false).length;
    const of = (/** @type {Run} */ run) => run.latest.find((observation) => seriesKey(observation) === series);
    /** @type {[string, (run: Run) => unknown][]} */
    const now = [
      ['State', stateBadge],
      ['Score ± 95 %', (run) => scoreWithInterval(of(run))],
      ...(runs.some((run) => of(run)?.predictedAccuracy)
        ? /** @type {[string, (run: Run) => unknown][]} */ ([
            ['Predicted accuracy', (run) => accuracyWithInterval(of(run))],
          ])
        : []),
      ['Step', (run) => whole(of(run)?.step)],
      ['Epoch', (run) => number(of(run)?.epoch)],
      ['Last word', (run) => ago(this.#app.watch.now() - Date.parse(run.lastHeardAt))],
    ];
    return html`<div class="title">
        <h2>What differs</h2>
        <span class="spring"></span>
        ${same > 0 || isAll
          ? html`<label class="choice"
              ><input
                type="checkbox"
                .checked=${live(isAll)}
                @change=${() => change({ tags: isAll ? undefined : 'all' })}
              />
              also what is the same</label
            >`
          : nothing}
        <button type="button" class="tool" @click=${() => exportTable(runs, tagRows(runs, true), of)}>CSV</button>
      </div>
      <div class="table-frame" tabindex="0" role="region" aria-label="What differs between the runs">
        <table class="compared">
          <thead>
            <tr>
              <td></td>
              ${repeat(
                runs,
                ({ name }) => name,
                (run) =>
                  this.#head(
                    run,
                    groups.findIndex(({ members }) => members.includes(run)),
                  ),
              )}
            </tr>
          </thead>
          <tbody>
            ${now.map(
              ([name, value]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  ${runs.map((run) => html`<td>${value(run)}</td>`)}
                </tr>`,
            )}
            ${rows.map(
              ([name, values]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  ${values.map((value) => html`<td>${value ?? html`<span class="faint">${NOTHING}</span>`}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${rows.length === 0 ? html`<p class="note">The runs have the same model, data set and tags.</p>` : nothing}`;
  }

  /**
   * @param {Run} run
   * @param {number} i
   */
  #head(run, i) {
    const isShown = !this.#hidden.has(run.name);
    return html`<th scope="col">
      <span class="swatch swatch-${i % COLORS} ${dashOf(i) ? 'dashed' : ''}"></span>
      <a href=${link(['runs', run.name])}>${run.name}</a>
      <span class="head-tools">
        <label title="Draw it"
          ><input
            type="checkbox"
            aria-label="Draw ${run.name}"
            .checked=${live(isShown)}
            @change=${() => {
              if (!this.#hidden.delete(run.name)) {
                this.#hidden.add(run.name);
              }
              this.#app.refresh();
            }}
        /></label>
        <button
          type="button"
          class="tool"
          aria-label="Take ${run.name} out"
          title="Take it out"
          @click=${() => change({ run: this.#names().filter((name) => name !== run.name) })}
        >
          ×
        </button>
      </span>
    </th>`;
  }
}

/** @param {Group} group */
const namesOf = ({ label, members }) => [label, ...members.map(({ name }) => name)];

/**
 * The layer and reference that most of the runs have: scores against different references say nothing of each other.
 *
 * @param {Run[]} runs
 */
function commonest(runs) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const run of runs) {
    for (const observation of run.latest) {
      counts.set(seriesKey(observation), (counts.get(seriesKey(observation)) ?? 0) + 1);
    }
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0])[0];
}

/**
 * What was said of runs, by name, with the value of each.
 *
 * @param {Run[]} runs
 * @param {boolean} isAll also what is the same for all
 * @returns {[string, (string | undefined)[]][]}
 */
function tagRows(runs, isAll) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.tags)))].sort();
  /** @type {[string, (string | undefined)[]][]} */
  const rows = [
    ['Model', runs.map((run) => run.model)],
    ['Data set', runs.map((run) => run.dataset)],
    ...names.map(
      (name) => /** @type {[string, (string | undefined)[]]} */ ([name, runs.map((run) => own(run.tags, name))]),
    ),
  ];
  return rows.filter(([, values]) => new Set(values).size > 1 || (isAll && values[0] !== undefined));
}

/**
 * Runs by what they have in common.
 *
 * @param {Run[]} runs
 * @param {string} name of a row of the table
 * @returns {Group[]}
 */
function grouped(runs, name) {
  const values = tagRows(runs, true).find(([row]) => row === name)?.[1] ?? [];
  /** @type {Map<string | undefined, Run[]>} */
  const groups = new Map();
  runs.forEach((run, i) => groups.set(values[i], [...(groups.get(values[i]) ?? []), run]));
  return [...groups].map(([value, members]) => ({
    label: value === undefined ? `without ${name}` : `${name} ${value}`,
    members,
  }));
}

/**
 * What is to be said of the lines, if there is something.
 *
 * @param {string} group
 * @param {number} smoothing
 */
function noteOf(group, smoothing) {
  if (group) {
    return {
      note: 'Means of the runs of a group, where most of them are; the band is from the lowest to the highest.',
    };
  }
  return smoothing > 0 ? { note: 'The faint lines are the values, the others moving averages of them.' } : {};
}

/**
 * @param {Run[]} runs
 * @param {[string, (string | undefined)[]][]} rows
 * @param {(run: Run) => Observation | undefined} latest
 */
function exportTable(runs, rows, latest) {
  save(
    'comparison.csv',
    'text/csv',
    csv([
      ['run', ...runs.map(({ name }) => name)],
      ['state', ...runs.map(({ state }) => state)],
      ['score', ...runs.map((run) => latest(run)?.score)],
      ['standard_error', ...runs.map((run) => latest(run)?.standardError)],
      ['step', ...runs.map((run) => latest(run)?.step)],
      ...rows.map(([name, values]) => [name, ...values]),
    ]),
  );
}

/** @param {boolean} areCompared whether all are compared, as none is chosen */
const noRuns = (areCompared) =>
  areCompared
    ? html`<p class="note">
        These are all runs that can be compared without a reference. Select some in the table of
        <a href="#/">runs</a>, or add one by its name, to see their curves and tags as well.
      </p>`
    : placeholder(
        'No run is chosen',
        html`<p>Select some in the table of <a href="#/">runs</a>, or add one by its name.</p>`,
      );
