// @ts-check
/** How scores depend on a tag: a point for each run, over the tag's value. */

import { html, nothing, svg } from './lib/lit-html/lit-html.js';
import { fixed, signed } from './format.js';
import { link } from './route.js';
import { mean, rankCorrelation, scaleOf } from './scale.js';

/** @typedef {import('./api.js').RunState} RunState */

/**
 * @typedef {object} Point
 * @property {string} name of the run
 * @property {RunState} state
 * @property {string} value of the tag
 * @property {number} score
 */

const WIDTH = 340;
const HEIGHT = 220;
const LEFT = 40;
const BOTTOM = 30;
const TOP = 8;

/**
 * A chart of the runs that have a tag.
 *
 * @param {string} tag
 * @param {Point[]} points
 */
export function scatter(tag, points) {
  const scale = scaleOf(points.map(({ value }) => value));
  if (points.length < 2 || !scale) {
    return nothing;
  }
  const scores = points.map(({ score }) => score);
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const range = Math.max(high - low, 0.05);
  const y = (/** @type {number} */ score) => TOP + (1 - (score - low) / range) * (HEIGHT - TOP - BOTTOM);
  const x = (/** @type {number} */ share) => LEFT + 10 + share * (WIDTH - LEFT - 20);
  const words = relation(scale, points);
  return html`<figure class="scatter">
    <figcaption><b>${tag}</b> <span class="faint">${words}</span></figcaption>
    <svg
      @click=${open}
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="Score over ${tag}: ${points.length} runs, ${words}"
    >
      ${[low, (low + high) / 2, high].map(
        (score) =>
          svg`<line class="grid" x1=${LEFT} x2=${WIDTH} y1=${y(score)} y2=${y(score)} />
            <text x=${LEFT - 4} y=${y(score) + 4} text-anchor="end">${fixed(score, 2)}</text>`,
      )}
      ${scale.ticks.map(
        ({ share, label }) =>
          svg`<text x=${x(share)} y=${HEIGHT - 10} text-anchor=${share > 0.9 ? 'end' : share < 0.1 ? 'start' : 'middle'}>${label}</text>`,
      )}
      ${points.map(
        ({ name, state, value, score }, i) =>
          svg`<circle class="dot state-${state}" data-run=${name} cx=${x(scale.share(value)) + (scale.isNumeric ? 0 : spread(i))} cy=${y(score)} r="3.5">
              <title>${name}: ${fixed(score)} at ${value}</title>
            </circle>`,
      )}
    </svg>
  </figure>`;
}

/** A click on a point leads to its run, as the table does for those who click nothing. @param {Event} event */
function open(event) {
  const { run } = /** @type {SVGElement} */ (event.target).dataset;
  if (run !== undefined) {
    location.hash = link(['runs', run]);
  }
}

/** Points of one value stand beside each other, each time in the same way. @param {number} i */
const spread = (i) => ((i * 7) % 11) - 5;

/**
 * What is to be said of a tag and the score.
 *
 * @param {import('./scale.js').Scale} scale
 * @param {Point[]} points
 */
function relation(scale, points) {
  if (scale.isNumeric) {
    const rho = rankCorrelation(
      points.map(({ value }) => Number(value)),
      points.map(({ score }) => score),
    );
    return rho === undefined ? '' : `rank correlation ${signed(rho, 2)}`;
  }
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  points.forEach(({ value, score }) => groups.set(value, [...(groups.get(value) ?? []), score]));
  const means = [...groups].map(([value, scores]) => /** @type {const} */ ([value, mean(scores)]));
  const [best, score] = means.reduce((most, one) => (one[1] > most[1] ? one : most));
  return `highest mean ${fixed(score)}: ${best}`;
}
