// @ts-check
/** What runs are scored against: a table, one in detail, and an upload. */

import { html, nothing } from './lib/lit-html/lit-html.js';
import * as api from './api.js';
import { attach } from './attach.js';
import { confirmed, emptyView, facts, failed, placeholder } from './elements.js';
import { counted, fixed, moment, percent, size, whole } from './format.js';
import { link } from './route.js';

/** @typedef {import('./api.js').Reference} Reference */

const NAME = '[A-Za-z0-9._*\\-]{1,115}';

export class References {
  title = 'References';
  showsAllRuns = true;
  #app;

  /** @type {Reference[] | undefined} */
  #references;

  /** @type {unknown} */
  #failure;
  #upload = { isBusy: false, problem: '', done: '' };
  #said = '';

  /** What is filled in of the lines that attach a training. @type {import('./attach.js').Filled} */
  #attach = { kind: 'pytorch', run: '', layer: '' };

  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.#app = app;
    this.#read();
  }

  close() {}

  get isReady() {
    return this.#references !== undefined || this.#failure !== undefined;
  }

  async #read() {
    this.#failure = undefined;
    try {
      /** @type {Reference[]} */
      const found = [];
      for await (const page of api.pages(['references'], {})) {
        found.push(...page.references);
      }
      this.#references = found;
    } catch (failure) {
      this.#failure = failure;
    }
    this.#app.refresh();
  }

  template() {
    if (this.#failure && !this.#references) {
      return failed(this.#failure, () => this.#read());
    } else if (!this.#references) {
      return emptyView('Reading the references …');
    }
    const name = this.#app.route.path[1];
    if (name === undefined) {
      return this.#list(this.#references);
    }
    const reference = this.#references.find((one) => one.name === name || one.reference === name);
    return reference ? this.#detail(reference) : unknown(name);
  }

  /** @param {Reference[]} references */
  #list(references) {
    return html`<div class="title"><h1 tabindex="-1">References</h1></div>
      <p class="lead">
        A reference is what a good model makes of fixed inputs, the anchors and probes. Runs are scored by how far they
        agree with it.
      </p>
      ${references.length === 0
        ? placeholder(
            'No reference is kept here yet',
            html`<p>
              Make one of your best model: <code>latentgauge.create_reference(…)</code> in PyTorch,
              <code>Reference.of(…)</code> in DJL, or <code>latentgauge reference create</code> from files; the first
              puts it here by itself, a file goes into the form below.
            </p>`,
          )
        : html`<div class="table-frame" tabindex="0" role="region" aria-label="Table of references">
            <table class="runs">
              <thead>
                <tr>
                  <th scope="col">Reference</th>
                  <th scope="col">Model</th>
                  <th scope="col">Layer</th>
                  <th scope="col">Profile</th>
                  <th scope="col" class="number">Anchors</th>
                  <th scope="col" class="number">Probes</th>
                  <th scope="col" class="number">Floor</th>
                  <th scope="col" class="number">Ceiling</th>
                  <th scope="col">Calibration</th>
                  <th scope="col" class="number">Runs</th>
                  <th scope="col">Made</th>
                </tr>
              </thead>
              <tbody>
                ${references.map((reference) => this.#line(reference))}
              </tbody>
            </table>
          </div>`}
      ${this.#app.may('write') ? this.#form() : nothing}`;
  }

  /** @param {Reference} reference */
  #line(reference) {
    return html`<tr>
      <th scope="row">
        <a href=${link(['references', reference.name])}>${reference.name}</a>
        <span class="faint sub">${reference.reference}</span>
      </th>
      <td>${reference.model}</td>
      <td>${reference.layer ?? ''}</td>
      <td>${reference.profile}</td>
      <td class="number">${whole(reference.anchors)}</td>
      <td class="number">${whole(reference.probes)}</td>
      <td class="number">${fixed(reference.floor?.score)}</td>
      <td class="number">${fixed(reference.ceiling?.score)}</td>
      <td>
        ${reference.calibration ? counted(reference.calibration.points, 'run') : html`<span class="faint">none</span>`}
      </td>
      <td class="number">${whole(this.#runsOf(reference).length)}</td>
      <td>${moment(reference.createdAt)}</td>
    </tr>`;
  }

  /** @param {Reference} reference */
  #runsOf(reference) {
    return [...this.#app.watch.runs.values()].filter((run) =>
      run.latest.some((observation) => observation.reference === reference.reference),
    );
  }

  /** @param {Reference} reference */
  #detail(reference) {
    const runs = this.#runsOf(reference);
    const { calibration } = reference;
    return html`<nav class="crumbs" aria-label="Where this is">
        <a href="#/references">References</a> / ${reference.name}
      </nav>
      <div class="title">
        <h1 tabindex="-1">${reference.name}</h1>
        <span class="spring"></span>
        <a class="button" href=${api.address(['references', reference.name])} download>Download</a>
        ${this.#app.may('admin')
          ? html`<button type="button" class="danger" @click=${() => this.#delete(reference)}>Delete …</button>`
          : nothing}
      </div>
      ${this.#said ? html`<p class="problem" role="alert">${this.#said}</p>` : nothing}
      <section class="columns">
        <div>
          <h2>The model</h2>
          ${facts([
            ['Model', reference.model],
            ['Layer', reference.layer],
            ['Dimensions', reference.dimensions && whole(reference.dimensions)],
            ['Weights', reference.modelHash && html`<code class="hash">${reference.modelHash}</code>`],
            ['Made', moment(reference.createdAt)],
            ['By Latentgauge', reference.libraryVersion],
            [
              'Runs',
              runs.length > 0
                ? html`<a href=${link([], { q: `reference:${reference.reference}` })}
                    >${counted(runs.length, 'run')}</a
                  >`
                : 'none yet',
            ],
          ])}
        </div>
        <div>
          <h2>What is compared</h2>
          ${facts([
            ['Id', html`<code class="hash">${reference.reference}</code>`],
            ['Profile', reference.profile],
            ['Anchors', whole(reference.anchors)],
            ['Probes', whole(reference.probes)],
            ['Inputs', reference.inputs ? 'in the file: runs can fetch them' : 'not in the file'],
            ['Probe set', reference.probeSet && html`<code class="hash">${reference.probeSet}</code>`],
            ['Predictions', reference.predictions ? 'in the file' : 'none'],
          ])}
        </div>
        <div>
          <h2>What scores mean</h2>
          ${facts([
            ['Floor', reference.floor ? fixedPoint(reference.floor) : 'not known: give it an untrained model'],
            [
              'Ceiling',
              reference.ceiling ? fixedPoint(reference.ceiling) : 'not known: give it a second good training',
            ],
            ['Calibration', calibration ? counted(calibration.points, 'run') : 'none: latentgauge reference calibrate'],
            ['Scores', calibration && `${fixed(calibration.lowestScore)} to ${fixed(calibration.highestScore)}`],
            ['Interval', calibration && percent(calibration.coverage, 0)],
            ['Holds from step', calibration && whole(calibration.fromStep)],
            ['Holds if', calibration?.condition],
          ])}
        </div>
      </section>
      ${attach(this.#app, reference, this.#attach, (filled) => {
        this.#attach = { ...this.#attach, ...filled };
        this.#app.refresh();
      })}`;
  }

  #form() {
    const { isBusy, problem, done } = this.#upload;
    return html`<section class="panel">
      <h2>Upload a reference</h2>
      <form class="upload" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event)}>
        <label>
          File
          <input
            name="file"
            type="file"
            accept=".safetensors"
            required
            @change=${(/** @type {Event} */ event) => proposeName(/** @type {HTMLInputElement} */ (event.target))}
          />
        </label>
        <label>
          Name
          <input
            name="name"
            type="text"
            required
            pattern=${NAME}
            title="Letters, digits and . _ * -"
            spellcheck="false"
          />
        </label>
        <details>
          <summary>If the file has embeddings, and is no reference yet</summary>
          <label>Model <input name="model" type="text" spellcheck="false" /></label>
          <label>Layer <input name="layer" type="text" pattern="[A-Za-z0-9._*@\\-]{1,128}" spellcheck="false" /></label>
          <label>
            Profile
            <input name="profile" type="text" placeholder="standardised" list="profiles" spellcheck="false" />
            <datalist id="profiles">
              ${['standardised', 'soft', 'cosine', 'neighbours:8'].map(
                (profile) => html`<option value=${profile}></option>`,
              )}
            </datalist>
          </label>
        </details>
        <p class="faint">
          A reference file as the agent or <code>latentgauge reference create</code> saves it, or safetensors with the
          arrays <code>anchors</code> and <code>probes</code>.
        </p>
        <button class="primary" ?disabled=${isBusy}>${isBusy ? 'Uploading …' : 'Upload'}</button>
        <div role="alert">${problem ? html`<p class="problem">${problem}</p>` : nothing}</div>
        <p role="status">${done || nothing}</p>
      </form>
    </section>`;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const filled = new FormData(form);
    const file = /** @type {File} */ (filled.get('file'));
    const text = (/** @type {string} */ name) => String(filled.get(name) ?? '').trim() || undefined;
    this.#upload = { isBusy: true, problem: '', done: '' };
    this.#app.refresh();
    try {
      const reference = await api.putReference(text('name') ?? '', file, {
        model: text('model'),
        layer: text('layer'),
        profile: text('profile'),
      });
      this.#upload = { isBusy: false, problem: '', done: `${reference.reference} is kept (${size(file.size)}).` };
      form.reset();
      await this.#read();
    } catch (failure) {
      this.#upload = { isBusy: false, problem: failure instanceof Error ? failure.message : String(failure), done: '' };
      this.#app.refresh();
    }
  }

  /** @param {Reference} reference */
  async #delete(reference) {
    const sure = await confirmed({
      title: `Delete ${reference.name}?`,
      text: 'What was scored against it stays, but its runs can no longer post embeddings, nor fetch its inputs.',
      action: 'Delete it',
    });
    if (sure === undefined) {
      return;
    }
    try {
      await api.deleteReference(reference.name);
      this.#said = '';
      this.#references = undefined;
      location.hash = '#/references';
      await this.#read();
    } catch (failure) {
      this.#said = failure instanceof Error ? failure.message : String(failure);
      this.#app.refresh();
    }
  }
}

/** @param {import('./api.js').FixedPoint} point */
const fixedPoint = (point) =>
  html`${fixed(point.score)} ± ${fixed(point.standardError)} <span class="faint">${point.model}</span>`;

/** A file is called like its reference. @param {HTMLInputElement} input */
function proposeName(input) {
  const name = /** @type {HTMLInputElement} */ (input.form?.elements.namedItem('name'));
  const file = input.files?.[0];
  if (file && name.value === '') {
    name.value = file.name.replace(/\.safetensors$/, '').replaceAll(/[^A-Za-z0-9._*-]/g, '-');
  }
}

/** @param {string} name */
const unknown = (name) =>
  emptyView(
    `There is no reference ${name}`,
    html`<p>It was deleted, or never kept here. <a href="#/references">All references</a></p>`,
  );
