// @ts-check
/**
 * Whether a score rises, and a small picture of it.
 *
 * A trend is the slope of a straight line through the newest half of a curve, by least squares. It counts as one if
 * it is so many times its own standard error, which comes from how far the points lie off the line, that noise around a
 * level would be taken for one in some 3 of 1,000 cases, by Student's distribution. That holds for points whose noise has
 * nothing to do with each other; a score that wanders slowly is a trend while it does.
 */

import { at } from './lookup.js';

/** Fewer points than that tell too little: a line goes through any two. */
const FEWEST = 6;

/**
 * What Student's t exceeds, on either side, in 2.7 of 1,000 cases; for a normal distribution that is 3. By the
 * expansion of its quantiles in powers of 1/n (Abramowitz and Stegun, 26.7.5), which is good to 3 % from n = 4 on.
 *
 * @param {number} n degrees of freedom, at least 4
 */
const sure = (n) => 3 + 7.5 / n + 17.25 / n ** 2 + 30.25 / n ** 3;

/**
 * How a curve has gone of late.
 *
 * @typedef {object} Course
 * @property {'rising' | 'falling' | 'level'} direction
 * @property {number} change by how much the line goes up or down over the newest half
 */

/**
 * The course of a curve.
 *
 * @param {number[]} steps ascending
 * @param {(number | null)[]} scores as many
 * @returns {Course | undefined} undefined if there are too few points
 */
export function course(steps, scores) {
  const first = steps[0] ?? 0;
  const last = steps[steps.length - 1] ?? 0;
  const middle = (first + last) / 2;
  /** @type {[number, number][]} */
  const points = [];
  scores.forEach((score, i) => {
    const step = at(steps, i);
    if (score !== null && step >= middle) {
      points.push([step, score]);
    }
  });
  return points.length < FEWEST ? undefined : line(points);
}

/**
 * @param {[number, number][]} points at least {@link FEWEST}
 * @returns {Course | undefined}
 */
function line(points) {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  for (const [x, y] of points) {
    xx += (x - meanX) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  if (xx === 0) {
    return undefined;
  }
  const slope = xy / xx;
  const off = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  const error = Math.sqrt(off / (n - 2) / xx);
  const width = at(points, n - 1)[0] - at(points, 0)[0];
  const isSure = Math.abs(slope) > sure(n - 2) * error && Math.abs(slope * width) > 1e-9;
  return { direction: !isSure ? 'level' : slope > 0 ? 'rising' : 'falling', change: slope * width };
}

/**
 * Adds a point to a curve that is kept short: when it has become too long, every second point in it goes.
 *
 * @param {import('./api.js').SeriesTrend} trend
 * @param {number} step
 * @param {number | null} score
 * @param {number} most points, at least 3
 * @returns {import('./api.js').SeriesTrend} the longer one; the same if the step is not after its last
 */
export function extended(trend, step, score, most) {
  const last = trend.steps[trend.steps.length - 1];
  if (last !== undefined && step <= last) {
    return trend;
  }
  const steps = [...trend.steps, step];
  const scores = [...trend.scores, score];
  if (steps.length <= most) {
    return { ...trend, steps, scores };
  }
  const isKept = (/** @type {unknown} */ _, /** @type {number} */ i) => i % 2 === 0 || i === steps.length - 1;
  return { ...trend, steps: steps.filter(isKept), scores: scores.filter(isKept) };
}

/**
 * The lines of a small picture, each the points of a polyline of SVG; a gap where there is no score.
 *
 * @param {number[]} steps
 * @param {(number | null)[]} scores
 * @param {number} width
 * @param {number} height
 * @returns {string[]}
 */
export function polylines(steps, scores, width, height) {
  const known = /** @type {number[]} */ (scores.filter((score) => score !== null));
  const low = Math.min(...known);
  const high = Math.max(...known);
  const first = steps[0] ?? 0;
  const span = (steps[steps.length - 1] ?? 0) - first || 1;
  // A curve that hardly moves is drawn as one that hardly moves.
  const range = Math.max(high - low, 0.05);
  const top = (high + low + range) / 2;
  /** @type {string[][]} */
  const lines = [[]];
  scores.forEach((score, i) => {
    if (score === null) {
      lines.push([]);
      return;
    }
    const x = ((at(steps, i) - first) / span) * (width - 2) + 1;
    const y = ((top - score) / range) * (height - 2) + 1;
    at(lines, lines.length - 1).push(`${x.toFixed(1)},${y.toFixed(1)}`);
  });
  return lines
    .filter((points) => points.length > 0)
    .map((points) => (points.length === 1 ? [...points, ...points] : points).join(' '));
}
