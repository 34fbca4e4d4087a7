// @ts-check
/** The lines that attach a training to this collector, filled in. */

import { html, nothing } from './lib/lit-html/lit-html.js';
import { copyButton, valueOf } from './elements.js';
import { obstacle, snippets } from './snippets.js';

/** @typedef {{kind: string, run: string, layer: string}} Filled */

/**
 * @param {import('./app.js').App} app
 * @param {import('./api.js').Reference} reference
 * @param {Filled} filled
 * @param {(filled: Partial<Filled>) => void} changed told what somebody fills in
 */
export function attach(app, reference, filled, changed) {
  const all = snippets({
    collector: new URL('.', location.href).href.replace(/\/$/, ''),
    reference,
    run: filled.run || 'my-run',
    layer: filled.layer || reference.layer || 'encoder',
    needsToken: app.session?.tokensRequired ?? false,
  });
  const shown = /** @type {import('./snippets.js').Snippet} */ (all.find(({ id }) => id === filled.kind) ?? all[0]);
  const problem = obstacle(shown, reference);
  return html`<section class="panel">
    <h2>Attach a training</h2>
    <div class="toolbar">
      <label class="choice"
        >Run
        <input
          type="text"
          spellcheck="false"
          placeholder="my-run"
          .value=${filled.run}
          @input=${(/** @type {Event} */ event) => changed({ run: valueOf(event) })}
      /></label>
      <label class="choice"
        >Layer
        <input
          type="text"
          spellcheck="false"
          placeholder=${reference.layer ?? 'encoder'}
          .value=${filled.layer}
          @input=${(/** @type {Event} */ event) => changed({ layer: valueOf(event) })}
      /></label>
    </div>
    <div class="tabs" role="tablist" aria-label="Kinds of trainings">
      ${all.map(
        ({ id, label }) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${id}"
            aria-selected=${id === shown.id}
            aria-controls="snippet"
            tabindex=${id === shown.id ? 0 : -1}
            @click=${() => changed({ kind: id })}
            @keydown=${(/** @type {KeyboardEvent} */ event) => {
              const ids = all.map((snippet) => snippet.id);
              const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
              if (step !== undefined) {
                const next = /** @type {string} */ (ids[(ids.indexOf(id) + step + ids.length) % ids.length]);
                changed({ kind: next });
                document.getElementById('tab-' + next)?.focus();
              }
            }}
          >
            ${label}
          </button>`,
      )}
    </div>
    <div id="snippet" role="tabpanel" aria-labelledby="tab-${shown.id}">
      <p class="faint">Needs ${shown.needs}</p>
      ${problem ? html`<p class="problem">${problem}</p>` : nothing}
      ${shown.parts.map(
        ({ title, text }) =>
          html`<h3>${title}</h3>
            <div class="code">
              <pre tabindex="0">${text}</pre>
              ${copyButton(() => text)}
            </div>`,
      )}
    </div>
  </section>`;
}
