// @ts-check
/** All runs as a table. */

import { html, nothing } from './lib/lit-html/lit-html.js';
import { live } from './lib/lit-html/directives/live.js';
import { repeat } from './lib/lit-html/directives/repeat.js';
import {
  EMPTY,
  STATES,
  accuracyWithInterval,
  emptyView,
  placeholder,
  scoreWithInterval,
  seriesOptions,
  sparkline,
  stateBadge,
  trendArrow,
  valueOf,
} from './elements.js';
import { csv, save } from './export.js';
import { parseFilter, tagWord, toggled } from './filter.js';
import { NOTHING, ago, counted, number, referenceName, whole } from './format.js';
import { own } from './lookup.js';
import { change, link } from './route.js';
import { scatter } from './scatter.js';
import { course } from './trend.js';
import { seriesKey } from './watch.js';

/** @typedef {import('./api.js').Observation} Observation */
/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./api.js').RunState} RunState */
/** @typedef {import('./api.js').SeriesTrend} SeriesTrend */

/**
 * A run as a row shows it.
 *
 * @typedef {object} Row
 * @property {Run} run
 * @property {Observation | undefined} latest of the series that is shown
 * @property {SeriesTrend | undefined} trend
 *
 * @typedef {object} Column
 * @property {string} id
 * @property {string} label
 * @property {string} [title]
 * @property {(row: Row) => string | number | undefined} value what it is sorted by, and what CSV has
 * @property {(row: Row) => number} [order] what it is sorted by, if that is quicker
 * @property {(row: Row) => unknown} [cell] if it looks different
 * @property {boolean} [isNumber]
 * @property {boolean} [isUnsorted]
 */

/** So many rows at once, and as many more when somebody comes to their end. */
const ROWS = 100;

/** More tags than that are shown only if somebody wants them. */
const USUAL_TAGS = 4;

/** What curves can be told apart at once. */
export const MOST_COMPARED = 30;

/** Tags that agents set by themselves; interesting now and then. */
const TAGS_OF_AGENTS = new Set(['parameters', 'engine', 'djl', 'device', 'git_commit']);

export class Runs {
  title = 'Runs';
  showsAllRuns = true;
  #app;
  #shown = ROWS;

  /** @type {Set<string>} */
  #selected = new Set();
  #more = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      this.#showMore();
    }
  });

  /** Which end of the table is watched. @type {Element | null} */
  #end = null;

  /** The frame that the table moves in, and how far it was moved. @type {Element | null} */
  #frame = null;
  #top = 0;

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
  }

  close() {
    this.#more.disconnect();
    this.#end = this.#frame = null;
  }

  get isReady() {
    return this.#app.watch.isComplete;
  }

  /** After it was drawn. */
  drawn() {
    const frame = document.querySelector('.tall');
    if (frame !== this.#frame) {
      this.#frame = frame;
      frame?.scrollTo(0, this.#top);
    }
    const end = document.querySelector('#more');
    if (end !== this.#end) {
      this.#more.disconnect();
      this.#end = end;
      if (end) {
        this.#more.observe(end);
      }
    }
  }

  template() {
    const { watch, route } = this.#app;
    const runs = [...watch.runs.values()];
    if (runs.length === 0) {
      return watch.isComplete ? noRuns() : emptyView('Reading the runs …');
    }
    const query = route.query.get('q') ?? '';
    const states = new Set(/** @type {RunState[]} */ (route.query.getAll('state')));
    const series = route.query.get('series') ?? '';
    const { found, problem } = search(runs, query);
    const matching = states.size > 0 ? found.filter((run) => states.has(run.state)) : found;
    const columns = this.#columns(runs, series);
    const rows = sorted(
      matching.map((run) => this.#row(run, series)),
      columns,
      route.query.get('sort') ?? '-started',
    );
    return html`<h1 tabindex="-1" class="hidden">Runs</h1>
      ${this.#toolbar(runs, found, columns, rows, query, states, problem)}
      ${route.query.get('view') === 'tags' ? this.#tags(runs, rows) : this.#table(columns, rows)}`;
  }

  /**
   * How the scores go with the tags that are chosen.
   *
   * @param {Run[]} runs
   * @param {Row[]} rows
   */
  #tags(runs, rows) {
    const charts = this.#shownTags(runs)
      .map((tag) =>
        scatter(
          tag,
          rows.flatMap(({ run, latest }) => pointOf(run, latest, tag)),
        ),
      )
      .filter((chart) => chart !== nothing);
    return charts.length > 0
      ? html`<p class="note">
            The newest score of each run over its tags. Scores of different references, or at different steps, say
            little of each other.
          </p>
          <div class="charts">${charts}</div>`
      : placeholder('No tag differs between these runs', 'Choose others by Tags, or show more runs.');
  }

  /**
   * @param {Run[]} runs
   * @param {Run[]} found
   * @param {Column[]} columns
   * @param {Row[]} rows
   * @param {string} query
   * @param {Set<RunState>} states
   * @param {string} problem
   */
  #toolbar(runs, found, columns, rows, query, states, problem) {
    const counts = new Map(STATES.map((state) => [state, 0]));
    for (const run of found) {
      counts.set(run.state, (counts.get(run.state) ?? 0) + 1);
    }
    const selected = [...this.#selected].filter((name) => this.#app.watch.runs.has(name));
    return html`<div class="toolbar">
        <label class="search">
          <span class="hidden">Filter runs</span>
          <input
            type="search"
            placeholder="Filter: name, lr:0.1, -model:mlp, /^cnn-/"
            spellcheck="false"
            aria-describedby="filter-problem"
            .value=${live(query)}
            @input=${(/** @type {InputEvent} */ event) => this.#filter(event)}
          />
        </label>
        <div class="chips" role="group" aria-label="States">
          ${STATES.filter((state) => counts.get(state) || states.has(state)).map(
            (state) =>
              html`<button
                type="button"
                class="chip"
                aria-pressed=${states.has(state)}
                @click=${() => this.#toggleState(states, state)}
              >
                <span class="state state-${state}">${state}</span> ${whole(counts.get(state))}
              </button>`,
          )}
        </div>
        <span class="count" role="status">
          ${rows.length === runs.length
            ? counted(runs.length, 'run')
            : `${whole(rows.length)} of ${counted(runs.length, 'run')}`}
        </span>
        <span class="spring"></span>
        <label class="choice"
          ><span class="hidden">Show as</span>
          <select @change=${(/** @type {Event} */ event) => change({ view: valueOf(event) })}>
            <option value="" ?selected=${this.#app.route.query.get('view') !== 'tags'}>table</option>
            <option value="tags" ?selected=${this.#app.route.query.get('view') === 'tags'}>scores over tags</option>
          </select></label
        >
        ${this.#seriesChoice(runs)} ${this.#columnChoice(runs)}
        <button type="button" class="tool" @click=${() => exportRows(columns, rows)}>CSV</button>
        <a
          class="button ${selected.length > 1 ? 'primary' : 'off'}"
          href=${selected.length > 1 ? link(['compare'], { run: selected.slice(0, MOST_COMPARED) }) : nothing}
          aria-disabled=${selected.length > 1 ? nothing : 'true'}
          role="link"
          title=${selected.length > 1 ? '' : 'Select two runs or more'}
          >Compare${selected.length > 0 ? ` (${selected.length})` : ''}</a
        >
      </div>
      <div id="filter-problem" role="alert">
        ${problem ? html`<p class="problem">${problem}</p>` : nothing}
        ${selected.length > MOST_COMPARED
          ? html`<p class="note">The first ${MOST_COMPARED} of the selected runs are compared.</p>`
          : nothing}
      </div>`;
  }

  /** @param {Run[]} runs */
  #seriesChoice(runs) {
    const all = seriesOf(runs);
    if (all.length < 2) {
      return nothing;
    }
    const chosen = this.#app.route.query.get('series') ?? '';
    return html`<label class="choice">
      <span class="hidden">Layer and reference</span>
      <select @change=${(/** @type {Event} */ event) => change({ series: valueOf(event) })}>
        <option value="" ?selected=${chosen === ''}>newest layer and reference</option>
        ${seriesOptions(all, chosen)}
      </select>
    </label>`;
  }

  /** @param {Run[]} runs */
  #columnChoice(runs) {
    const all = tagNames(runs);
    if (all.length === 0) {
      return nothing;
    }
    const shown = this.#shownTags(runs);
    return html`<details class="menu">
      <summary class="button">Tags</summary>
      <fieldset>
        <legend>Tags that are shown</legend>
        ${all.map(
          (name) =>
            html`<label
              ><input
                type="checkbox"
                .checked=${live(shown.includes(name))}
                @change=${() =>
                  change({
                    tags:
                      (shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]).join(',') ||
                      '-',
                  })}
              />
              ${name}</label
            >`,
        )}
      </fieldset>
    </details>`;
  }

  /**
   * @param {Column[]} columns
   * @param {Row[]} rows
   */
  #table(columns, rows) {
    if (rows.length === 0) {
      return placeholder(
        'No run is like that',
        html`<button type="button" @click=${() => change({ q: undefined, state: undefined })}>Show all runs</button>`,
      );
    }
    const shown = rows.slice(0, this.#shown);
    const isAll = rows.every((row) => this.#selected.has(row.run.name));
    return html`<div
        class="table-frame tall"
        tabindex="0"
        role="region"
        aria-label="Table of runs"
        @scroll=${(/** @type {Event} */ event) => (this.#top = /** @type {Element} */ (event.target).scrollTop)}
      >
        <table class="runs" aria-rowcount=${rows.length + 1}>
          <thead>
            <tr aria-rowindex="1">
              <th scope="col" class="select">
                <input
                  type="checkbox"
                  aria-label="Select all that are shown"
                  .checked=${live(isAll)}
                  @change=${() => this.#selectAll(rows, !isAll)}
                />
              </th>
              ${columns.map((column) => this.#head(column))}
            </tr>
          </thead>
          <tbody>
            ${repeat(
              shown,
              ({ run }) => run.name,
              (row, place) => this.#line(columns, row, place),
            )}
          </tbody>
        </table>
        ${rows.length > shown.length
          ? html`<div id="more" class="more">
              <button type="button" @click=${() => this.#showMore()}>
                Show more (${whole(shown.length)} of ${whole(rows.length)})
              </button>
            </div>`
          : nothing}
      </div>
      ${this.#app.watch.isCut
        ? html`<p class="note">
            Only the first ${whole(this.#app.watch.runs.size)} runs are held here, those that live before all others.
          </p>`
        : nothing}`;
  }

  /** @param {Column} column */
  #head(column) {
    if (column.isUnsorted) {
      return html`<th scope="col" title=${column.title ?? nothing}>${column.label}</th>`;
    }
    const { id, isDescending } = sortOf(this.#app.route.query.get('sort') ?? '-started');
    const isSorted = id === column.id;
    return html`<th
      scope="col"
      class=${column.isNumber ? 'number' : ''}
      aria-sort=${isSorted ? (isDescending ? 'descending' : 'ascending') : nothing}
    >
      <button
        type="button"
        class="sort"
        title=${column.title ?? nothing}
        @click=${() => change({ sort: (isSorted ? !isDescending : column.isNumber) ? '-' + column.id : column.id })}
      >
        ${column.label}<span aria-hidden="true">${isSorted ? (isDescending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>`;
  }

  /**
   * @param {Column[]} columns
   * @param {Row} row
   * @param {number} place from 0
   */
  #line(columns, row, place) {
    const { name } = row.run;
    const isSelected = this.#selected.has(name);
    return html`<tr class=${isSelected ? 'selected' : ''} aria-rowindex=${place + 2}>
      <td class="select">
        <input
          type="checkbox"
          aria-label="Select ${name}"
          .checked=${live(isSelected)}
          @change=${() => this.#select(name, !isSelected)}
        />
      </td>
      ${columns.map((column) => {
        const content = column.cell
          ? column.cell(row)
          : (column.value(row) ?? html`<span class="faint">${NOTHING}</span>`);
        return column.id === 'name'
          ? html`<th scope="row">${content}</th>`
          : html`<td class=${column.isNumber ? 'number' : ''}>${content}</td>`;
      })}
    </tr>`;
  }

  /**
   * @param {Run[]} runs
   * @param {string} series the key of the one that is shown; empty for the newest of each
   * @returns {Column[]}
   */
  #columns(runs, series) {
    const now = this.#app.watch.now();
    const hasSeveral = seriesOf(runs).length > 1;
    const hasAccuracy = runs.some((run) => run.latest.some((observation) => observation.predictedAccuracy));
    return [
      {
        id: 'name',
        label: 'Run',
        value: ({ run }) => run.name,
        cell: ({ run, latest }) =>
          html`<a href=${link(['runs', run.name], { series })} title=${run.name}>${run.name}</a>${subtitle(
              run,
              latest,
              hasSeveral,
            )}`,
      },
      {
        id: 'state',
        label: 'State',
        value: ({ run }) => run.state,
        cell: ({ run }) =>
          html`${stateBadge(run)}${run.directive.action === 'stop' && run.state === 'live'
            ? html` <span class="told" title=${run.directive.reason ?? ''}>told to stop</span>`
            : nothing}`,
      },
      {
        id: 'score',
        label: 'Score ± 95 %',
        title:
          'Agreement with the reference beyond chance: 0 is chance, 1 is identity. The interval is over the choice of probes.',
        isNumber: true,
        value: ({ latest }) => latest?.score,
        cell: ({ latest }) => scoreWithInterval(latest),
      },
      {
        id: 'spark',
        label: 'History',
        title: 'The score over the steps of the present attempt.',
        isUnsorted: true,
        value: () => undefined,
        cell: ({ trend }) => sparkline(trend),
      },
      {
        id: 'trend',
        label: 'Trend',
        title: 'By how much the score has gone up or down over the newest half of its steps.',
        isNumber: true,
        value: ({ trend }) => trend && course(trend.steps, trend.scores)?.change,
        cell: ({ trend }) => trendArrow(trend),
      },
      ...(hasAccuracy ? [ACCURACY] : []),
      {
        id: 'step',
        label: 'Step',
        isNumber: true,
        value: ({ latest }) => latest?.step,
        cell: ({ latest }) => whole(latest?.step),
      },
      {
        id: 'epoch',
        label: 'Epoch',
        isNumber: true,
        value: ({ latest }) => latest?.epoch,
        cell: ({ latest }) => number(latest?.epoch),
      },
      {
        id: 'rate',
        label: 'Steps/s',
        isNumber: true,
        value: ({ latest }) => latest?.training?.stepsPerSecond,
        cell: ({ latest }) => number(latest?.training?.stepsPerSecond),
      },
      {
        id: 'age',
        label: 'Last word',
        title: 'How long ago the run last gave word.',
        isNumber: true,
        value: ({ run }) => (now - Date.parse(run.lastHeardAt)) / 1000,
        cell: ({ run }) => ago(now - Date.parse(run.lastHeardAt)),
      },
      {
        id: 'started',
        label: 'Started',
        isNumber: true,
        value: ({ run }) => run.startedAt ?? run.registeredAt,
        order: ({ run }) => Date.parse(run.startedAt ?? run.registeredAt),
        cell: ({ run }) => ago(now - Date.parse(run.startedAt ?? run.registeredAt)),
      },
      ...this.#shownTags(runs).map((name) => this.#tagColumn(name)),
    ];
  }

  /**
   * @param {string} name
   * @returns {Column}
   */
  #tagColumn(name) {
    return {
      id: 'tag.' + name,
      label: name,
      value: ({ run }) => own(run.tags, name),
      cell: ({ run }) => {
        const value = own(run.tags, name);
        return value === undefined
          ? html`<span class="faint">${NOTHING}</span>`
          : html`<button
              type="button"
              class="tag"
              title="Show the runs whose ${name} is ${value}"
              @click=${() => change({ q: toggled(this.#app.route.query.get('q') ?? '', tagWord(name, value)) })}
            >
              ${value || EMPTY}
            </button>`;
      },
    };
  }

  /** @param {Run[]} runs */
  #shownTags(runs) {
    const chosen = this.#app.route.query.get('tags');
    if (chosen !== null) {
      return chosen === '-' ? [] : chosen.split(',');
    }
    return tagNames(runs)
      .filter((name) => !TAGS_OF_AGENTS.has(name) && new Set(runs.map((run) => own(run.tags, name))).size > 1)
      .slice(0, USUAL_TAGS);
  }

  /**
   * @param {Run} run
   * @param {string} series the key of one; empty for the newest
   * @returns {Row}
   */
  #row(run, series) {
    const latest = series ? run.latest.find((observation) => seriesKey(observation) === series) : newest(run.latest);
    return { run, latest, trend: latest && this.#app.watch.trends.get(run.name)?.get(seriesKey(latest)) };
  }

  /** @param {InputEvent} event */
  #filter(event) {
    this.#shown = ROWS;
    change({ q: valueOf(event) });
  }

  /**
   * @param {Set<RunState>} states
   * @param {RunState} state
   */
  #toggleState(states, state) {
    const after = new Set(states);
    if (!after.delete(state)) {
      after.add(state);
    }
    change({ state: [...after] });
  }

  /**
   * @param {string} name
   * @param {boolean} isSelected
   */
  #select(name, isSelected) {
    if (isSelected) {
      this.#selected.add(name);
    } else {
      this.#selected.delete(name);
    }
    this.#app.refresh();
  }

  /**
   * @param {Row[]} rows
   * @param {boolean} isSelected
   */
  #selectAll(rows, isSelected) {
    rows.forEach(({ run }) => (isSelected ? this.#selected.add(run.name) : this.#selected.delete(run.name)));
    this.#app.refresh();
  }

  #showMore() {
    this.#shown += ROWS;
    this.#app.refresh();
  }
}

/** @type {Column} */
const ACCURACY = {
  id: 'accuracy',
  label: 'Predicted accuracy',
  title:
    'What such a score meant for the runs that the reference was calibrated by, and the interval that it had then.',
  isNumber: true,
  value: ({ latest }) => latest?.predictedAccuracy?.value,
  cell: ({ latest }) => accuracyWithInterval(latest),
};

/**
 * A run in a chart of a tag, if it is there.
 *
 * @param {Run} run
 * @param {Observation | undefined} latest
 * @param {string} tag
 * @returns {import('./scatter.js').Point[]}
 */
function pointOf({ name, state, tags }, latest, tag) {
  const value = own(tags, tag);
  return value === undefined || latest?.score === undefined ? [] : [{ name, state, value, score: latest.score }];
}

/**
 * What tells a row from others of the same kind, if there is such a thing.
 *
 * @param {Run} run
 * @param {Observation | undefined} latest
 * @param {boolean} hasSeveral whether there is more than one layer or reference
 */
function subtitle(run, latest, hasSeveral) {
  const parts = [
    ...(run.attempt > 1 ? [`attempt ${run.attempt}`] : []),
    ...(!latest ? ['no observation yet'] : hasSeveral ? [latest.layer, referenceName(latest.reference)] : []),
  ];
  return parts.length > 0 ? html`<span class="faint sub">${parts.join(' · ')}</span>` : nothing;
}

/**
 * @param {Run[]} runs
 * @param {string} query
 * @returns {{found: Run[], problem: string}}
 */
function search(runs, query) {
  try {
    return { found: runs.filter(parseFilter(query)), problem: '' };
  } catch (failure) {
    return { found: runs, problem: failure instanceof Error ? failure.message : String(failure) };
  }
}

/** @param {string} text */
const sortOf = (text) => ({ id: text.replace(/^-/, ''), isDescending: text.startsWith('-') });

/**
 * What has no value comes last, whichever way it is sorted.
 *
 * @param {Row[]} rows
 * @param {Column[]} columns
 * @param {string} sort
 */
function sorted(rows, columns, sort) {
  const { id, isDescending } = sortOf(sort);
  const column = columns.find((one) => one.id === id);
  if (!column) {
    return rows;
  }
  const valueOfRow = column.order ?? column.value;
  const keyed = rows.map((row) => ({ row, value: valueOfRow(row) }));
  keyed.sort((one, other) => {
    if (one.value === undefined || other.value === undefined) {
      return Number(one.value === undefined) - Number(other.value === undefined) || byName(one.row, other.row);
    }
    const order = compared(one.value, other.value);
    return (isDescending ? -order : order) || byName(one.row, other.row);
  });
  return keyed.map(({ row }) => row);
}

const NATURAL = new Intl.Collator('en', { numeric: true });

/**
 * @param {string | number} one
 * @param {string | number} other
 */
function compared(one, other) {
  if (typeof one === 'number' && typeof other === 'number') {
    return one - other;
  }
  const [first, second] = [Number(one), Number(other)];
  return Number.isNaN(first) || Number.isNaN(second) ? NATURAL.compare(String(one), String(other)) : first - second;
}

/**
 * @param {Row} one
 * @param {Row} other
 */
const byName = (one, other) =>
  NATURAL.compare(one.run.name, other.run.name) || (one.run.name < other.run.name ? -1 : 1);

/** @param {Observation[]} latest */
export function newest(latest) {
  return latest.reduce(
    (/** @type {Observation | undefined} */ found, observation) =>
      !found ||
      observation.attempt > found.attempt ||
      (observation.attempt === found.attempt && observation.time > found.time)
        ? observation
        : found,
    undefined,
  );
}

/** @param {Run[]} runs */
const tagNames = (runs) => [...new Set(runs.flatMap((run) => Object.keys(run.tags)))].sort(NATURAL.compare);

/**
 * All layers and references that are in use, with their keys.
 *
 * @param {Run[]} runs
 * @returns {[string, string, string][]}
 */
export function seriesOf(runs) {
  /** @type {Map<string, [string, string, string]>} */
  const found = new Map();
  for (const run of runs) {
    for (const observation of run.latest) {
      const key = seriesKey(observation);
      if (!found.has(key)) {
        found.set(key, [observation.layer, observation.reference, key]);
      }
    }
  }
  return [...found.values()].sort((one, other) => NATURAL.compare(one[2], other[2]));
}

/**
 * @param {Column[]} columns
 * @param {Row[]} rows
 */
function exportRows(columns, rows) {
  const kept = columns.filter((column) => !column.isUnsorted);
  const error = { label: 'Standard error', value: (/** @type {Row} */ { latest }) => latest?.standardError };
  const all = kept.flatMap((column) =>
    column.id === 'score' ? [{ label: 'Score', value: column.value }, error] : [column],
  );
  save(
    'runs.csv',
    'text/csv',
    csv([all.map(({ label }) => label), ...rows.map((row) => all.map(({ value }) => value(row)))]),
  );
}

const noRuns = () =>
  emptyView(
    'No run has reported yet',
    html`<p>
      A run appears here as soon as it reports. <a href=${link(['references'])}>References</a> has the lines that attach
      a training, filled in for this collector.
    </p>`,
  );
