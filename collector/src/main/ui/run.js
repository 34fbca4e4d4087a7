// @ts-check
/** One run: how its representation becomes, and all that is known of it. */

import { html, nothing } from './lib/lit-html/lit-html.js';
import { guard } from './lib/lit-html/directives/guard.js';
import { keyed } from './lib/lit-html/directives/keyed.js';
import { at, own } from './lookup.js';
import * as api from './api.js';
import {
  AXES,
  AXIS_FORMATS,
  COMPANIONS,
  COSTS,
  PREDICTED,
  SCORE,
  axisOf,
  curvesOf,
  evaluation,
  families,
  position,
  smoothed,
} from './curves.js';
import {
  EMPTY,
  accuracyWithInterval,
  axisChoice,
  confirmed,
  copyButton,
  emptyView,
  facts,
  failed,
  placeholder,
  scoreWithInterval,
  seriesOptions,
  smoothingChoice,
  smoothingOf,
  stateBadge,
  trendArrow,
  valueOf,
} from './elements.js';
import { LiveDocument } from './document.js';
import { csv, save } from './export.js';
import { tagWord } from './filter.js';
import { ago, counted, fixed, moment, number, percent, referenceName, whole } from './format.js';
import { History } from './history.js';
import { decisionsOfRun } from './policies.js';
import { change, link } from './route.js';
import { newest, seriesOf } from './runs.js';
import { seriesKey } from './watch.js';

/** @typedef {import('./api.js').Observation} Observation */
/** @typedef {import('./api.js').Reference} Reference */
/** @typedef {import('./api.js').Run} Run */
/** @typedef {import('./chart.js').Line} Line */
/** @typedef {import('./chart.js').Spec} Spec */
/** @typedef {import('./curves.js').Axis} Axis */
/** @typedef {import('./curves.js').Measure} Measure */

const SMOOTHED = 'The faint line is what was measured, the other a moving average of it. ';

export class RunView {
  #app;
  #name;

  /** @type {Run | undefined} */
  #run;

  /** @type {unknown} */
  #failure;
  #isGone = false;

  /** @type {History | undefined} */
  #history;
  #series = '';

  /** The attempts, as they were when the present one began. @type {import('./api.js').Attempt[]} */
  #attempts = [];
  #attemptsOf = '';

  /** What is known of the references, by their ids; null while nothing is. @type {Map<string, Reference | null>} */
  #references = new Map();

  /** What policies decided about it. @type {LiveDocument<import('./api.js').RunDecision>} */
  #decision;

  /** How an export goes, if there is one. */
  #exported = '';
  #said = '';

  /**
   * @param {import('./app.js').App} app
   * @param {string} name
   */
  constructor(app, name) {
    this.#app = app;
    this.#name = name;
    this.title = name;
    app.watch.addEventListener('run', this.#changed);
    app.watch.addEventListener('deleted', this.#deleted);
    app.watch.addEventListener('read', this.#readAgain);
    this.#decision = new LiveDocument(['runs', name, 'decision'], {}, () => app.refresh());
    this.#find();
  }

  close() {
    this.#app.watch.removeEventListener('run', this.#changed);
    this.#app.watch.removeEventListener('deleted', this.#deleted);
    this.#app.watch.removeEventListener('read', this.#readAgain);
    this.#history?.close();
    this.#decision.close();
  }

  get isReady() {
    return this.#failure !== undefined || (this.#run !== undefined && this.#history?.state !== 'reading');
  }

  #changed = (/** @type {Event} */ event) => {
    const run = /** @type {CustomEvent<Run>} */ (event).detail;
    if (run.name === this.#name) {
      this.#take(run);
    }
  };

  #deleted = (/** @type {Event} */ event) => {
    if (/** @type {CustomEvent<string>} */ (event).detail === this.#name) {
      this.#isGone = true;
      this.#app.refresh();
    }
  };

  #readAgain = () => {
    const run = this.#app.watch.runs.get(this.#name);
    if (run) {
      this.#take(run);
    } else {
      this.#find();
    }
  };

  async #find() {
    this.#failure = undefined;
    try {
      this.#take(this.#app.watch.runs.get(this.#name) ?? (await api.read(['runs', this.#name])));
    } catch (failure) {
      if (!this.#run) {
        this.#failure = failure;
      } else if (failure instanceof api.Problem && failure.status === 404) {
        this.#isGone = true;
      }
    }
    this.#app.refresh();
  }

  /** @param {Run} run */
  #take(run) {
    const { value, failure } = this.#decision;
    // Where no policy concerns the run, its reports say nothing new of any.
    if (value?.policies.length || failure || isToldOtherwise(run, this.#run)) {
      this.#decision.expire();
    }
    this.#run = run;
    this.#failure = undefined;
    this.#isGone = false;
    this.#history?.take(run);
    this.#readAttempts(run);
    this.#app.refresh();
  }

  /** The observation that is shown of a run, and its history. @param {Run} run */
  #latest(run) {
    const wanted = this.#app.route.query.get('series') ?? '';
    const known = new Map(run.latest.map((observation) => [seriesKey(observation), observation]));
    // What was shown stays, whichever layer reports next.
    const latest = known.get(wanted) ?? known.get(this.#series) ?? newest(run.latest);
    if (latest && (!this.#history || seriesKey(latest) !== this.#series)) {
      this.#history?.close();
      this.#series = seriesKey(latest);
      this.#history = new History(run, latest, () => this.#app.refresh());
    }
    return latest;
  }

  template() {
    const run = this.#run;
    if (this.#failure) {
      return this.#unknown(this.#failure);
    } else if (!run) {
      return emptyView('Reading the run …');
    }
    const latest = this.#latest(run);
    return html`${this.#header(run)} ${latest ? this.#body(run, latest) : this.#empty(run)}`;
  }

  /** @param {unknown} failure */
  #unknown(failure) {
    return failure instanceof api.Problem && failure.status === 404
      ? emptyView(
          `There is no run ${this.#name}`,
          html`<p>It was deleted, or has not reported yet; it appears here as soon as it does.</p>
            <p><a href="#/">All runs</a></p>`,
        )
      : failed(failure, () => this.#find());
  }

  /** @param {Run} run */
  #header(run) {
    return html`<nav class="crumbs" aria-label="Where this is"><a href="#/">Runs</a> / ${run.name}</nav>
      <div class="title">
        <h1 tabindex="-1">${run.name}</h1>
        ${stateBadge(run)} ${run.attempt > 1 ? html`<span class="faint">attempt ${run.attempt}</span>` : nothing}
        <span class="spring"></span>
        <a class="button" href=${link(['compare'], { run: run.name })}>Compare …</a>
        <button type="button" @click=${() => this.#export(run)} ?disabled=${this.#exported !== ''}>
          ${this.#exported || 'Export CSV'}
        </button>
        ${copyButton(() => location.href, 'Copy link')}
        ${this.#app.may('admin')
          ? html`${run.state === 'live'
                ? run.directive.action === 'stop'
                  ? html`<button type="button" @click=${() => this.#direct(run, 'continue')}>Let it go on</button>`
                  : html`<button type="button" @click=${() => this.#direct(run, 'stop')}>Stop …</button>`
                : nothing} <button type="button" class="danger" @click=${() => this.#delete(run)}>Delete …</button>`
          : nothing}
      </div>
      ${run.reason ? html`<p class="reason">${ended(run)}: ${run.reason}</p>` : nothing}
      ${run.directive.action === 'stop' && run.state === 'live'
        ? html`<p class="reason">
            It is told to stop${run.directive.reason ? `: ${run.directive.reason}` : ''}, with the answer to its next
            report. It stops if its monitor obeys.
          </p>`
        : nothing}
      ${run.directive.action === 'continue' && run.directive.reason && run.state === 'live'
        ? html`<p class="reason">It was told to go on, whatever policies say: ${run.directive.reason}</p>`
        : nothing}
      ${this.#isGone
        ? html`<p class="problem" role="alert">This run was deleted. What you see is what was known.</p>`
        : nothing}
      ${this.#said ? html`<p class="problem" role="alert">${this.#said}</p>` : nothing}`;
  }

  /** @param {Run} run */
  #empty(run) {
    return html`${placeholder(
      'No observation yet',
      html`<p>
        The first one appears here as soon as the run reports it. Without a reference there are none, and a run is
        <a href="#/compare">compared</a> with others.
      </p>`,
    )}
    ${this.#information(run)}`;
  }

  /**
   * @param {Run} run
   * @param {Observation} latest
   */
  #body(run, latest) {
    const history = /** @type {History} */ (this.#history);
    if (history.state === 'failed') {
      return failed(history.failure, () => history.again());
    }
    const axis = axisOf(this.#app.route.query.get('x'));
    return html`${this.#choices(run, latest, axis)} ${this.#tiles(run, latest)}
      <div class=${history.state === 'reading' ? 'charts reading' : 'charts'}>
        ${keyed(
          this.#series,
          guard(
            [
              history.observations,
              axis,
              smoothingOf(this.#app.route.query),
              run.state,
              this.#reference(latest.reference),
            ],
            () => this.#charts(run, latest, history, axis),
          ),
        )}
      </div>
      ${history.observations.length < run.observations && run.latest.length === 1 && !history.range
        ? html`<p class="note">
            Drawn are ${whole(history.observations.length)} of ${counted(run.observations, 'observation')}: of each
            stretch those with the lowest and the highest score. Drag over a chart to see more of a part.
          </p>`
        : nothing}
      ${history.range
        ? html`<p class="note">
            Steps ${whole(history.range.from)} to ${whole(history.range.to)}.
            <button type="button" @click=${() => this.#unzoom()}>Show all steps</button>
          </p>`
        : nothing}
      ${decisionsOfRun(this.#decision.value)} ${this.#information(run)}`;
  }

  /**
   * @param {Run} run
   * @param {Observation} latest
   * @param {Axis} axis
   */
  #choices(run, latest, axis) {
    return html`<div class="toolbar">
      ${run.latest.length > 1
        ? html`<label class="choice">
            Layer and reference
            <select @change=${(/** @type {Event} */ event) => change({ series: valueOf(event) })}>
              ${seriesOptions(seriesOf([run]), seriesKey(latest))}
            </select>
          </label>`
        : html`<span class="faint"
            >Layer <b>${latest.layer}</b> against
            <a href=${link(['references', referenceName(latest.reference)])}>${latest.reference}</a>, profile
            ${latest.profile}</span
          >`}
      ${axisChoice(axis)} ${smoothingChoice(smoothingOf(this.#app.route.query))}
    </div>`;
  }

  /**
   * @param {Run} run
   * @param {Observation} latest
   */
  #tiles(run, latest) {
    const trend = this.#app.watch.trends.get(run.name)?.get(seriesKey(latest));
    /** @type {[string, unknown, string?][]} */
    const tiles = [
      [
        'Score ± 95 %',
        scoreWithInterval(latest),
        'Agreement with the reference beyond chance: 0 is chance, 1 is identity.',
      ],
      ['Trend', trendArrow(trend)],
      ...optional(
        'Between floor and ceiling',
        latest.gaugedScore,
        fixed,
        '0 is an untrained model, 1 a second good training.',
      ),
      ...(latest.predictedAccuracy
        ? /** @type {[string, unknown][]} */ ([['Predicted accuracy', accuracyWithInterval(latest)]])
        : []),
      ['Step', whole(latest.step)],
      ['Epoch', number(latest.epoch)],
      ...optional('Steps per second', latest.training?.stepsPerSecond, number),
      ...optional(
        "Monitor's share",
        latest.overheadRatio,
        (value) => percent(value, 2),
        'The share of its time that the training has waited for measurements.',
      ),
      ['Last word', ago(this.#app.watch.now() - Date.parse(run.lastHeardAt))],
    ];
    return html`<dl class="tiles">
        ${tiles.map(
          ([name, value, title]) =>
            html`<div title=${title ?? nothing}>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
      ${latest.undefined
        ? html`<p class="problem">The newest observation has no score: ${latest.undefined}.</p>`
        : nothing}
      ${latest.agent.failures + latest.agent.dropped > 0
        ? html`<p class="problem">
            The monitor says that ${counted(latest.agent.failures, 'measurement')} failed and
            ${counted(latest.agent.dropped, 'report')} were lost; its log says why.
          </p>`
        : nothing}`;
  }

  /**
   * @param {Run} run
   * @param {Observation} latest
   * @param {History} history
   * @param {Axis} axis
   */
  #charts(run, latest, history, axis) {
    const { observations } = history;
    const where = position(axis, history.start);
    /** @type {Pick<Spec, 'axis' | 'isTime' | 'formatX' | 'group' | 'file' | 'zoomed' | 'unzoomed'>} */
    const common = {
      axis: AXES[axis],
      isTime: axis === 'time',
      formatX: AXIS_FORMATS[axis],
      group: 'run',
      file: run.name,
      zoomed: (from, to) => history.zoom(where, from, to),
      unzoomed: () => this.#unzoom(),
    };
    const smoothing = smoothingOf(this.#app.route.query);
    const marks = this.#marks(run, latest, observations, where);
    const draw = (
      /** @type {string} */ title,
      /** @type {Measure[]} */ measures,
      /** @type {Partial<Spec>} */ more = {},
    ) => {
      const lines = measures.flatMap((measure, i) => linesOf(observations, measure, where, i, smoothing));
      return lines.length === 0
        ? nothing
        : html`<lg-chart
            .spec=${{ title, lines, marks, formatY: at(measures, 0).format, ...common, ...more }}
          ></lg-chart>`;
    };
    const names = [...new Set(observations.flatMap((observation) => Object.keys(observation.evaluations ?? {})))];
    return html`<div class="wide">
        ${draw('Score', [SCORE], {
          height: 320,
          levels: levelsOf(latest),
          note:
            (smoothing > 0 ? SMOOTHED : '') +
            'The band is 95 % over the choice of probes.' +
            (latest.scoreFloor === undefined ? '' : ' The floor is what an untrained model scores.') +
            (latest.scoreCeiling === undefined ? '' : ' The ceiling is what a second good training scores.'),
        })}
      </div>
      ${draw('Predicted accuracy', [PREDICTED], {
        note: (smoothing > 0 ? SMOOTHED : '') + this.#calibrationNote(latest),
      })}
      ${[...families(names)].map(([family, members]) => draw(family, members.map(evaluation)))}
      ${draw('Similarity and chance', COMPANIONS.slice(0, 2), {
        note: 'What the score is made of: profiles of the same probe, and of different ones.',
      })}
      ${COMPANIONS.slice(2).map((measure) => draw(measure.label, [measure]))}
      ${COSTS.map((measure) => draw(measure.label, [measure]))}`;
  }

  /** @param {Observation} latest */
  #calibrationNote(latest) {
    const calibration = this.#reference(latest.reference)?.calibration;
    return calibration
      ? `The band holds ${percent(calibration.coverage, 0)} of runs like the ${calibration.points} of the calibration.`
      : 'The band is that of the calibration.';
  }

  /**
   * Where something happened: attempts, the calibration, an end.
   *
   * @param {Run} run
   * @param {Observation} latest
   * @param {Observation[]} observations
   * @param {(observation: Observation) => number} where
   */
  #marks(run, latest, observations, where) {
    /** @type {{label: string, x: number}[]} */
    const marks = [];
    observations.forEach((observation, i) => {
      const before = observations[i - 1];
      if (before && before.attempt !== observation.attempt) {
        marks.push({ label: `attempt ${observation.attempt}`, x: where(observation) });
      }
    });
    const fromStep = this.#reference(latest.reference)?.calibration?.fromStep;
    const calibrated = fromStep ? observations.findIndex(({ step }) => step >= fromStep) : -1;
    if (calibrated > 0) {
      marks.push({ label: 'calibrated from here', x: where(at(observations, calibrated)) });
    }
    const last = observations[observations.length - 1];
    if (last && run.state !== 'live' && !this.#history?.range) {
      marks.push({ label: run.state + (run.reason ? `: ${shortened(run.reason)}` : ''), x: where(last) });
    }
    return marks;
  }

  /**
   * What is known of a reference; asked for when it is first wanted.
   *
   * @param {string} id
   */
  #reference(id) {
    if (!this.#references.has(id)) {
      this.#references.set(id, null);
      api
        .read(['references', id])
        .then((reference) => {
          this.#references.set(id, reference);
          this.#app.refresh();
        })
        // It was deleted, or never kept here: the charts do without.
        .catch(() => undefined);
    }
    return this.#references.get(id) ?? undefined;
  }

  #unzoom() {
    if (this.#history?.range) {
      this.#history.unzoom();
      document
        .querySelectorAll('lg-chart')
        .forEach((chart) => /** @type {import('./chart.js').Chart} */ (chart).unzoom());
    }
  }

  /** @param {Run} run */
  #information(run) {
    const tags = Object.entries(run.tags);
    return html`<section class="columns">
        <div>
          <h2>Information</h2>
          ${facts([
            ['Model', run.model],
            ['Data set', run.dataset],
            ['Started', run.startedAt && moment(run.startedAt)],
            ['First heard of', moment(run.registeredAt)],
            ['Last word', moment(run.lastHeardAt)],
            ['Ended', run.endedAt && moment(run.endedAt)],
            ['Observations', whole(run.observations)],
          ])}
        </div>
        <div>
          <h2>Tags</h2>
          ${tags.length === 0
            ? html`<p class="faint">None.</p>`
            : facts(
                tags.map(([name, value]) => [
                  name,
                  html`<a href=${link([], { q: tagWord(name, value) })} title="Runs with the same"
                    >${value || EMPTY}</a
                  >`,
                ]),
              )}
        </div>
        <div>
          <h2>Attempts</h2>
          ${this.#attemptTable(run)}
        </div>
      </section>
      ${run.command
        ? html`<section class="panel">
            <h2>The command</h2>
            <div class="code">
              <pre tabindex="0">${run.command}</pre>
              ${copyButton(() => run.command ?? '')}
            </div>
          </section>`
        : nothing}`;
  }

  /** Asks which attempts there were; once for each, when it has observed something. @param {Run} run */
  async #readAttempts(run) {
    const hasObserved = run.latest.some(({ attempt }) => attempt === run.attempt);
    const present = `${run.registeredAt} ${run.attempt} ${hasObserved}`;
    if (this.#attemptsOf === present) {
      return;
    }
    this.#attemptsOf = present;
    try {
      this.#attempts = (await api.read(['runs', run.name, 'attempts'])).attempts;
      this.#app.refresh();
    } catch {
      // They are asked for again when the page is opened again; all else is there.
    }
  }

  /** @param {Run} run */
  #attemptTable(run) {
    const before = this.#attempts.filter(({ attempt }) => attempt < run.attempt);
    const first = this.#attempts.find(({ attempt }) => attempt === run.attempt)?.firstStep;
    const steps = run.latest.filter(({ attempt }) => attempt === run.attempt).map(({ step }) => step);
    const present = {
      attempt: run.attempt,
      observations: run.observations - before.reduce((sum, { observations }) => sum + observations, 0),
      firstStep: first ?? (steps.length > 0 ? Math.min(...steps) : undefined),
      lastStep: steps.length > 0 ? Math.max(...steps) : undefined,
    };
    return html`<table class="plain">
      <thead>
        <tr>
          <th scope="col">Attempt</th>
          <th scope="col" class="number">From step</th>
          <th scope="col" class="number">To step</th>
          <th scope="col" class="number">Observations</th>
        </tr>
      </thead>
      <tbody>
        ${[...before, present].map(
          ({ attempt, observations, firstStep, lastStep }) =>
            html`<tr>
              <th scope="row">${attempt}</th>
              <td class="number">${whole(firstStep)}</td>
              <td class="number">${whole(lastStep)}</td>
              <td class="number">${whole(observations)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /**
   * @param {Run} run
   * @param {'stop' | 'continue'} action
   */
  async #direct(run, action) {
    const reason =
      action === 'continue'
        ? await confirmed({
            title: `Let ${run.name} go on?`,
            text: 'With a reason, no policy stops it again in this attempt.',
            action: 'Let it go on',
            ask: 'Why (the run keeps it)',
          })
        : await confirmed({
            title: `Stop ${run.name}?`,
            text: 'Its monitor hears of it with the answer to its next report, and stops the training if it obeys such orders.',
            action: 'Stop it',
            ask: 'Why (the run keeps it)',
          });
    if (reason !== undefined) {
      await this.#do(() => api.direct(run.name, { action, ...(reason && { reason }) }));
    }
  }

  /** @param {Run} run */
  async #delete(run) {
    const sure = await confirmed({
      title: `Delete ${run.name}?`,
      text: `The run and its ${counted(run.observations, 'observation')} are deleted for good.`,
      action: 'Delete it',
    });
    if (sure !== undefined && (await this.#do(() => api.deleteRun(run.name)))) {
      location.hash = '#/';
    }
  }

  /** @param {() => Promise<unknown>} action */
  async #do(action) {
    try {
      await action();
      this.#said = '';
      return true;
    } catch (failure) {
      this.#said = failure instanceof Error ? failure.message : String(failure);
      return false;
    } finally {
      this.#app.refresh();
    }
  }

  /** All observations, not only those that are drawn. @param {Run} run */
  async #export(run) {
    /** @type {Observation[]} */
    const all = [];
    this.#exported = '0 %';
    this.#app.refresh();
    try {
      for await (const page of api.pages(['runs', run.name, 'observations'], {})) {
        all.push(...page.observations);
        this.#exported = percent(Math.min(1, all.length / Math.max(1, run.observations)), 0);
        this.#app.refresh();
      }
      save(`${run.name}.csv`, 'text/csv', csv(table(all)));
      this.#said = '';
    } catch (failure) {
      this.#said = `The export failed: ${failure instanceof Error ? failure.message : failure}`;
    }
    this.#exported = '';
    this.#app.refresh();
  }
}

/**
 * @param {Run} run
 * @param {Run | undefined} before
 */
const isToldOtherwise = ({ directive }, before) =>
  before !== undefined &&
  (before.directive.action !== directive.action || before.directive.reason !== directive.reason);

/** @param {Run} run */
const ended = (run) => run.state.charAt(0).toUpperCase() + run.state.slice(1);

/** @param {string} text */
const shortened = (text) => (text.length > 40 ? text.slice(0, 39) + '…' : text);

/**
 * A tile, if there is a value.
 *
 * @param {string} name
 * @param {number | undefined} value
 * @param {(value: number) => string} format
 * @param {string} [title]
 * @returns {[string, unknown, string?][]}
 */
const optional = (name, value, format, title) => (value === undefined ? [] : [[name, format(value), title ?? '']]);

/** @param {Observation} latest */
function levelsOf({ scoreFloor, scoreCeiling }) {
  return [
    { label: 'chance', value: 0 },
    ...(scoreFloor === undefined ? [] : [{ label: `floor ${fixed(scoreFloor)}`, value: scoreFloor }]),
    ...(scoreCeiling === undefined ? [] : [{ label: `ceiling ${fixed(scoreCeiling)}`, value: scoreCeiling }]),
  ];
}

/**
 * The lines of a measure: the newest attempt, and those before it behind it.
 *
 * @param {Observation[]} observations
 * @param {Measure} measure
 * @param {(observation: Observation) => number} where
 * @param {number} color
 * @param {number} smoothing
 * @returns {Line[]}
 */
function linesOf(observations, measure, where, color, smoothing) {
  const curves = curvesOf(observations, measure, where);
  return curves.flatMap(({ xs, ys, lows, highs }, i) => {
    const values = { label: measure.label, color, xs, ys };
    if (i < curves.length - 1) {
      return [{ ...values, faint: true }];
    }
    return smoothing > 0
      ? [
          { ...values, lows, highs, faint: true, kept: true },
          { ...values, label: `${measure.label}, smoothed`, ys: smoothed(xs, ys, smoothing) },
        ]
      : [{ ...values, lows, highs }];
  });
}

/**
 * Observations as the rows of a table.
 *
 * @param {Observation[]} observations
 */
function table(observations) {
  const names = [...new Set(observations.flatMap((observation) => Object.keys(observation.evaluations ?? {})))].sort();
  const companions = COMPANIONS.slice(2).map(({ id }) => id);
  return [
    [
      ...['attempt', 'step', 'epoch', 'time', 'layer', 'reference', 'profile', 'score', 'standard_error', 'similarity'],
      ...['chance', 'undefined', 'score_floor', 'score_ceiling', 'gauged_score', 'predicted_accuracy'],
      ...['predicted_accuracy_low', 'predicted_accuracy_high', ...companions],
      ...['steps_per_second', 'overhead_ratio', 'probe_seconds', ...names],
    ],
    ...observations.map((one) => [
      ...[
        one.attempt,
        one.step,
        one.epoch,
        one.time,
        one.layer,
        one.reference,
        one.profile,
        one.score,
        one.standardError,
      ],
      ...[one.similarity, one.chance, one.undefined, one.scoreFloor, one.scoreCeiling, one.gaugedScore],
      ...[one.predictedAccuracy?.value, one.predictedAccuracy?.low, one.predictedAccuracy?.high],
      ...companions.map((name) => own(one.companions, name)),
      ...[one.training?.stepsPerSecond, one.overheadRatio, one.probeSeconds],
      ...names.map((name) => own(one.evaluations, name)),
    ]),
  ];
}
