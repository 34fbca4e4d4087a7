// @ts-check
/** Rules that stop runs: a table, one with what it decided last, and what they decided about a run. */

import { html, nothing } from './lib/lit-html/lit-html.js';
import * as api from './api.js';
import { LiveDocument } from './document.js';
import { confirmed, emptyView, facts, failed, placeholder, valueOf } from './elements.js';
import { moment, number, whole } from './format.js';
import { change, link } from './route.js';

/** @typedef {import('./api.js').Decision} Decision */
/** @typedef {import('./api.js').Policy} Policy */

/** @type {Record<import('./api.js').StopAction, string>} */
const WORDS = { stop: 'stop', continue: 'go on', undecided: 'undecided' };

/** @type {Record<Policy['rule'], string>} */
const RULES = { median: 'median rule', 'successive-halving': 'successive halving', hyperband: 'Hyperband' };

export class Policies {
  title = 'Policies';
  #app;

  /** @type {LiveDocument<{policies: Policy[]}>} */
  #policies;

  /** What was decided by the policy that is shown. @type {LiveDocument<{decisions: Decision[]}> | undefined} */
  #decisions;
  #decisionsOf = '';
  #said = '';

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
    this.#policies = this.#read();
    app.watch.addEventListener('run', this.#expire);
    app.watch.addEventListener('read', this.#expire);
  }

  close() {
    this.#app.watch.removeEventListener('run', this.#expire);
    this.#app.watch.removeEventListener('read', this.#expire);
    this.#policies.close();
    this.#decisions?.close();
  }

  get isReady() {
    const { value, failure } = this.#policies;
    const isChosen = this.#app.route.path[1] !== undefined;
    return failure !== undefined || (value !== undefined && (!isChosen || !this.#decisions?.isReading));
  }

  #read() {
    return new LiveDocument(['policies'], {}, () => this.#app.refresh());
  }

  /** With any report a policy may have decided. */
  #expire = () => {
    this.#policies.expire();
    this.#decisions?.expire();
  };

  #again() {
    this.#policies.close();
    this.#policies = this.#read();
    this.#app.refresh();
  }

  template() {
    const { value, failure } = this.#policies;
    if (failure && !value) {
      return failed(failure, () => this.#again());
    } else if (!value) {
      return emptyView('Reading the policies …');
    }
    const name = this.#app.route.path[1];
    if (name === undefined) {
      return this.#list(value.policies);
    }
    const policy = value.policies.find((one) => one.name === name);
    return policy ? this.#detail(policy) : unknown(name);
  }

  /** @param {Policy[]} policies */
  #list(policies) {
    return html`<div class="title"><h1 tabindex="-1">Policies</h1></div>
      <p class="lead">
        A policy tells runs of a group to stop, as soon as others have done better with as much training. Nobody is
        stopped unless there is one.
      </p>
      ${policies.length === 0
        ? placeholder(
            'No run is stopped by a policy',
            html`<p>
              Define one with <code>PUT v1/policies/NAME</code>: which runs, by their names or tags; which value they
              are compared by; and the rule.
            </p>`,
          )
        : html`<div class="table-frame" tabindex="0" role="region" aria-label="Table of policies">
            <table class="runs">
              <thead>
                <tr>
                  <th scope="col">Policy</th>
                  <th scope="col">Runs</th>
                  <th scope="col">Compared by</th>
                  <th scope="col">Rule</th>
                  <th scope="col" class="number">Told to stop</th>
                  <th scope="col" class="number">To go on</th>
                  <th scope="col" class="number">Undecided</th>
                  <th scope="col">Defined</th>
                </tr>
              </thead>
              <tbody>
                ${policies.map(
                  (policy) =>
                    html`<tr>
                      <th scope="row"><a href=${link(['policies', policy.name])}>${policy.name}</a></th>
                      <td>${groupOf(policy)}</td>
                      <td>${watchedBy(policy)}</td>
                      <td>${RULES[policy.rule]}</td>
                      <td class="number">${whole(policy.decisions.stop)}</td>
                      <td class="number">${whole(policy.decisions.continue)}</td>
                      <td class="number">${whole(policy.decisions.undecided)}</td>
                      <td>${moment(policy.createdAt)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`}`;
  }

  /** @param {Policy} policy */
  #detail(policy) {
    const action = this.#app.route.query.get('action') ?? '';
    this.#readDecisions(policy, action);
    const decisions = this.#decisions?.value?.decisions;
    return html`<nav class="crumbs" aria-label="Where this is"><a href="#/policies">Policies</a> / ${policy.name}</nav>
      <div class="title">
        <h1 tabindex="-1">${policy.name}</h1>
        <span class="spring"></span>
        ${this.#app.may('admin')
          ? html`<button type="button" class="danger" @click=${() => this.#delete(policy)}>Delete …</button>`
          : nothing}
      </div>
      ${this.#said ? html`<p class="problem" role="alert">${this.#said}</p>` : nothing}
      <section class="columns">
        <div>
          <h2>What it looks at</h2>
          ${facts([
            ['Runs', groupOf(policy)],
            ['Compared by', watchedBy(policy)],
            ['Layer', policy.layer ?? 'the only one'],
            ['Reference', policy.reference ?? 'the only one'],
            ['Defined', moment(policy.createdAt)],
          ])}
        </div>
        <div>
          <h2>When it stops a run</h2>
          ${facts(ruleOf(policy))}
        </div>
        <div>
          <h2>What it has decided</h2>
          ${facts([
            ['Told to stop', whole(policy.decisions.stop)],
            ['Told to go on', whole(policy.decisions.continue)],
            ['Too few to compare', whole(policy.decisions.undecided)],
          ])}
        </div>
      </section>
      <section>
        <div class="title">
          <h2>What it decided last</h2>
          <span class="spring"></span>
          <label class="choice"
            >Show
            <select @change=${(/** @type {Event} */ event) => change({ action: valueOf(event) })}>
              <option value="" ?selected=${action === ''}>all</option>
              ${Object.entries(WORDS).map(
                ([id, word]) => html`<option value=${id} ?selected=${id === action}>${word}</option>`,
              )}
            </select></label
          >
        </div>
        ${this.#decisions?.failure && !decisions
          ? failed(this.#decisions.failure, () => this.#decisions?.expire())
          : decisions === undefined
            ? html`<p class="faint">Reading …</p>`
            : decisions.length === 0
              ? html`<p class="faint">Nothing yet. It decides when a run reports that it has come to a checkpoint.</p>`
              : decisionTable(decisions, 'run', policy)}
      </section>`;
  }

  /**
   * @param {Policy} policy
   * @param {string} action
   */
  #readDecisions(policy, action) {
    const wanted = `${policy.name} ${policy.createdAt} ${action}`;
    if (wanted !== this.#decisionsOf) {
      this.#decisionsOf = wanted;
      this.#decisions?.close();
      this.#decisions = new LiveDocument(
        ['policies', policy.name, 'decisions'],
        { limit: 200, ...(action && { action }) },
        () => this.#app.refresh(),
      );
    }
  }

  /** @param {Policy} policy */
  async #delete(policy) {
    const sure = await confirmed({
      title: `Delete ${policy.name}?`,
      text: 'What it has decided is deleted with it. Runs that it told to stop are still told so.',
      action: 'Delete it',
    });
    if (sure === undefined) {
      return;
    }
    try {
      await api.deletePolicy(policy.name);
      this.#said = '';
      location.hash = '#/policies';
      this.#again();
    } catch (failure) {
      this.#said = failure instanceof Error ? failure.message : String(failure);
      this.#app.refresh();
    }
  }
}

/** @param {Policy} policy */
const groupOf = ({ runs, tags }) =>
  [runs, ...Object.entries(tags ?? {}).map(([name, value]) => `${name}:${value}`)].filter(Boolean).join(' ');

/** @param {Policy} policy */
const watchedBy = ({ watch, mode }) => `${watch}, ${mode === 'max' ? 'more' : 'less'} is better`;

/**
 * @param {Policy} policy
 * @returns {[string, unknown][]}
 */
const ruleOf = ({ rule, resource, gracePeriod, interval, reductionFactor, maxResource, minPeers }) => [
  ['Rule', RULES[rule]],
  ['First checkpoint', `${resource} ${number(gracePeriod)}`],
  ['Then every', interval && `${number(interval)} ${resource}s`],
  ['Then', reductionFactor && `${number(reductionFactor)} times as far each time`],
  ['Goes on', reductionFactor && `the best of ${number(reductionFactor)}`],
  ['Until', maxResource && `${resource} ${number(maxResource)}`],
  ['Needs', `${whole(minPeers)} others at the checkpoint`],
];

/**
 * Decisions with their reasons.
 *
 * @param {Decision[]} decisions
 * @param {'run' | 'policy'} by what tells them apart
 * @param {Policy} [policy] of which they all are
 */
export const decisionTable = (decisions, by, policy) =>
  html`<div class="table-frame" tabindex="0" role="region" aria-label="Table of decisions">
    <table class="runs">
      <thead>
        <tr>
          <th scope="col">${by === 'run' ? 'Run' : 'Policy'}</th>
          <th scope="col">Decision</th>
          <th scope="col" class="number">At ${policy?.resource ?? 'checkpoint'}</th>
          <th scope="col" class="number">Value</th>
          <th scope="col" class="number">Needed</th>
          <th scope="col" class="number">Place</th>
          <th scope="col">Why</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        ${decisions.map(
          (decision) =>
            html`<tr>
              <th scope="row">
                <a href=${link([by === 'run' ? 'runs' : 'policies', decision[by]])}>${decision[by]}</a>
              </th>
              <td><span class=${decision.action === 'stop' ? 'told' : 'faint'}>${WORDS[decision.action]}</span></td>
              <td class="number">${number(decision.checkpoint)}</td>
              <td class="number">${number(decision.value)}</td>
              <td class="number">${number(decision.threshold)}</td>
              <td class="number">${decision.rank} of ${decision.peers + 1}</td>
              <td class="sentence">${decision.reason}</td>
              <td class="when">${moment(decision.time)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

/**
 * What policies decided about a run, if there are any that concern it.
 *
 * @param {import('./api.js').RunDecision | undefined} decision
 */
export function decisionsOfRun(decision) {
  if (!decision || decision.policies.length === 0) {
    return nothing;
  }
  const made = decision.policies.flatMap(({ decisions }) => decisions);
  return html`<section>
    <h2>Stop policies</h2>
    ${decision.policies.map(
      ({ policy, awaits }) =>
        html`<p class="note"><a href=${link(['policies', policy])}>${policy}</a> awaits ${awaits}.</p>`,
    )}
    ${made.length > 0 ? decisionTable(made, 'policy') : nothing}
  </section>`;
}

/** @param {string} name */
const unknown = (name) =>
  emptyView(
    `There is no policy ${name}`,
    html`<p>It was deleted, or never defined. <a href="#/policies">All policies</a></p>`,
  );
