// @ts-check
/** The probes as two runs describe them: a map for each, with the same axes, in which a probe has the same colour. */

import { html, nothing, svg } from './lib/lit-html/lit-html.js';
import { csv, save } from './export.js';
import { counted, fixed, percent, whole } from './format.js';
import { at } from './lookup.js';
import { SIZE, farthest, huesOf, placing } from './plane.js';

/** @typedef {import('./api.js').Plane} Plane */

const MOST_LISTED = 10;
const HINT = 'Point at a probe to see it in both.';

/**
 * Both maps, and what is to be said of them.
 *
 * @param {Plane} plane
 */
export function maps(plane) {
  const [one, other] = [at(plane.runs, 0), at(plane.runs, 1)];
  const [first, second] = plane.explained;
  const place = placing(plane);
  const hues = huesOf(one.points);
  return html`<p class="note">
      Each probe is a point, in the plane along which the profiles of both runs vary most: ${percent(first)} of their
      variance to the right, ${percent(second)} upwards. Its colour is where ${one.run} has it; where ${other.run} has
      the colours in the same places, both tell the probes apart alike.
      ${plane.every > 1 ? `Drawn are ${whole(one.points.length)} of ${whole(plane.probeCount)} probes.` : nothing}
    </p>
    <div class="planes" @pointerover=${pointAt} @pointerleave=${pointAt}>
      ${plane.runs.map(
        ({ run, step, points }) =>
          html`<figure>
            <figcaption><b>${run}</b> <span class="faint">at step ${whole(step)}</span></figcaption>
            <svg
              viewBox="0 0 ${SIZE} ${SIZE}"
              role="img"
              aria-label="${counted(points.length, 'probe')} as ${run} describes them"
            >
              ${points.map((point, i) => {
                const [x, y] = place(point);
                return svg`<circle class="hue-${at(hues, i)}" data-probe=${i * plane.every} cx=${x.toFixed(1)} cy=${y.toFixed(1)} r="3"></circle>`;
              })}
            </svg>
          </figure>`,
      )}
    </div>
    <p class="plane-reading faint" aria-hidden="true">${HINT}</p>
    <details>
      <summary>Probes that lie farthest apart</summary>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Probe, from 0</th>
            <th scope="col" class="number">Distance in the plane</th>
          </tr>
        </thead>
        <tbody>
          ${farthest(plane)
            .slice(0, MOST_LISTED)
            .map(
              ({ probe, distance }) =>
                html`<tr>
                  <td class="number">${probe}</td>
                  <td class="number">${fixed(distance)}</td>
                </tr>`,
            )}
        </tbody>
      </table>
    </details>`;
}

/**
 * Saves the points of both runs.
 *
 * @param {Plane} plane
 */
export function exportPlane({ runs, every }) {
  const [one, other] = [at(runs, 0), at(runs, 1)];
  save(
    'plane.csv',
    'text/csv',
    csv([
      ['probe', `${one.run} x`, `${one.run} y`, `${other.run} x`, `${other.run} y`],
      ...one.points.map((point, i) => [i * every, ...point, ...at(other.points, i)]),
    ]),
  );
}

/** Shows a probe in both maps; without drawing the page, which may have thousands of points. @param {Event} event */
function pointAt(event) {
  const both = /** @type {HTMLElement} */ (event.currentTarget);
  const { probe } = /** @type {SVGElement} */ (event.target).dataset;
  both.querySelectorAll('.pointed').forEach((point) => point.classList.remove('pointed'));
  if (probe !== undefined) {
    both.querySelectorAll(`[data-probe="${probe}"]`).forEach((point) => point.classList.add('pointed'));
  }
  const reading = /** @type {HTMLElement} */ (both.nextElementSibling);
  reading.textContent = probe === undefined ? HINT : `Probe ${probe}`;
}
