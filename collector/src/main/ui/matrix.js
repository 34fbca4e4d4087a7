// @ts-check
/** What pairs of runs have in common, in the order and the colours in which it is shown. */

import { at } from './lookup.js';

/** @typedef {import('./api.js').Comparison} Comparison */

/** The orders of rows and columns, by what the address has for them. */
export const ORDERS = /** @type {const} */ ({
  named: 'as named',
  consensus: 'highest consensus first',
  alike: 'alike beside each other',
});

/** @typedef {keyof typeof ORDERS} Order */

/** Colours of cells, from the lowest score to the highest. */
export const LEVELS = 12;

/** Ends of ranges are multiples of it, so that colours stay as they are while scores move a little. */
const RANGE_STEP = 0.05;
const LEAST_RANGE = 0.1;

/**
 * @param {string | null} text
 * @returns {Order}
 */
export const orderOf = (text) => (text !== null && Object.hasOwn(ORDERS, text) ? /** @type {Order} */ (text) : 'named');

/**
 * The places of the runs, in an order.
 *
 * @param {Pick<Comparison, 'runs' | 'scores'>} comparison
 * @param {Order} order
 * @returns {number[]}
 */
export function placesOf({ runs, scores }, order) {
  const places = runs.map((_, i) => i);
  if (order === 'alike') {
    return alike(scores);
  } else if (order === 'consensus') {
    const consensus = (/** @type {number} */ i) => at(runs, i).consensus.score ?? -Infinity;
    // Those without one are equal, and a difference of infinities is no number.
    return places.sort((one, other) => (consensus(one) === consensus(other) ? 0 : consensus(other) - consensus(one)));
  }
  return places;
}

/**
 * Groups join whose runs have the highest mean score with each other, until there is one (average linkage); where two
 * join, the ends come together that are most alike.
 *
 * @param {(number | null)[][]} scores
 * @returns {number[]}
 */
function alike(scores) {
  const score = (/** @type {number} */ i, /** @type {number} */ j) => scores[i]?.[j] ?? -1;
  const groups = scores.map((_, i) => [i]);
  const means = scores.map((row, i) => row.map((_, j) => score(i, j)));
  while (groups.length > 1) {
    let [first, second, highest] = [0, 1, -Infinity];
    for (let i = 0; i < groups.length; i++) {
      for (let j = i + 1; j < groups.length; j++) {
        const mean = at(at(means, i), j);
        if (mean > highest) {
          [first, second, highest] = [i, j, mean];
        }
      }
    }
    const [one, other] = [at(groups, first), at(groups, second)];
    means.forEach((row, i) => {
      const mean =
        (one.length * at(at(means, first), i) + other.length * at(at(means, second), i)) / (one.length + other.length);
      row[first] = mean;
      at(means, first)[i] = mean;
    });
    means.splice(second, 1);
    means.forEach((row) => row.splice(second, 1));
    groups[first] = joined(one, other, score);
    groups.splice(second, 1);
  }
  return groups[0] ?? [];
}

/**
 * @param {number[]} one
 * @param {number[]} other
 * @param {(i: number, j: number) => number} score
 */
function joined(one, other, score) {
  const turned = (/** @type {number[]} */ group) => [...group].reverse();
  const ways = [
    [one, other],
    [one, turned(other)],
    [turned(one), other],
    [turned(one), turned(other)],
  ].map(([before = [], after = []]) => ({
    order: [...before, ...after],
    seam: score(at(before, before.length - 1), at(after, 0)),
  }));
  return ways.reduce((best, way) => (way.seam > best.seam ? way : best)).order;
}

/**
 * From which score to which colours go: those of all pairs, rounded outwards.
 *
 * @param {(number | null)[][]} scores
 * @returns {{low: number, high: number}}
 */
export function rangeOf(scores) {
  const pairs = scores.flatMap((row, i) => row.filter((score, j) => j < i && score !== null));
  if (pairs.length === 0) {
    return { low: 0, high: 1 };
  }
  const steps = (/** @type {number} */ score) => Number((score / RANGE_STEP).toFixed(6));
  const low = RANGE_STEP * Math.floor(steps(Math.min(.../** @type {number[]} */ (pairs))));
  const high = RANGE_STEP * Math.ceil(steps(Math.max(.../** @type {number[]} */ (pairs))));
  if (high - low >= LEAST_RANGE) {
    return { low, high };
  }
  const start = Math.min(low, 1 - LEAST_RANGE);
  return { low: start, high: start + LEAST_RANGE };
}

/**
 * The colour of a score.
 *
 * @param {number} score
 * @param {{low: number, high: number}} range
 * @returns {number} from 0 to below {@link LEVELS}
 */
export const levelOf = (score, { low, high }) =>
  Math.min(LEVELS - 1, Math.max(0, Math.floor((LEVELS * (score - low)) / (high - low))));

/**
 * A comparison as the rows of a table.
 *
 * @param {Comparison} comparison
 * @param {number[]} places
 * @returns {(string | number | null | undefined)[][]}
 */
export function rowsOf({ runs, scores }, places) {
  return [
    [
      'run',
      'state',
      'step',
      'consensus',
      'consensus_standard_error',
      'undefined',
      ...places.map((i) => at(runs, i).run),
    ],
    ...places.map((i) => {
      const { run, state, step, consensus } = at(runs, i);
      const { score, standardError, undefined: reason } = consensus;
      return [run, state, step, score, standardError, reason, ...places.map((j) => at(at(scores, i), j))];
    }),
  ];
}
