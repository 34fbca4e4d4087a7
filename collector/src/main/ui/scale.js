// @ts-check
/** Where the values of a tag lie beside each other, and how they go with a score. */

import { at } from './lookup.js';

/** More values than that do not stand side by side, unless they are numbers. */
const MOST_VALUES = 12;

/**
 * Where values lie on the axis of a chart.
 *
 * @typedef {object} Scale
 * @property {boolean} isNumeric
 * @property {(value: string) => number} share from 0, at its left, to 1
 * @property {{share: number, label: string}[]} ticks
 */

/**
 * Numbers lie by what they are, or by their logarithm if they span more than a power of ten; words side by side.
 *
 * @param {string[]} values
 * @returns {Scale | undefined} undefined if there is only one value, or there are too many words
 */
export function scaleOf(values) {
  const all = [...new Set(values)];
  const numbers = all.map(Number).sort((one, other) => one - other);
  if (all.length < 2) {
    return undefined;
  } else if (numbers.every(Number.isFinite) && all.every((value) => value.trim() !== '')) {
    return numeric(numbers);
  } else if (all.length > MOST_VALUES) {
    return undefined;
  }
  const order = all.sort();
  const share = (/** @type {string} */ value) => (order.indexOf(value) + 0.5) / order.length;
  return { isNumeric: false, share, ticks: order.map((value) => ({ share: share(value), label: value })) };
}

/**
 * @param {number[]} numbers ascending, at least two
 * @returns {Scale | undefined}
 */
function numeric(numbers) {
  const [low, high] = [at(numbers, 0), at(numbers, numbers.length - 1)];
  if (low === high) {
    return undefined;
  }
  const isLogarithmic = low > 0 && high / low > 10;
  const place = isLogarithmic ? Math.log : (/** @type {number} */ value) => value;
  const share = (/** @type {number} */ value) => (place(value) - place(low)) / (place(high) - place(low));
  const few = numbers.length <= 6 ? numbers : [low, at(numbers, numbers.length >> 1), high];
  return {
    isNumeric: true,
    share: (value) => share(Number(value)),
    ticks: few.map((value) => ({ share: share(value), label: String(Number(value.toPrecision(3))) })),
  };
}

/** @param {number[]} values */
export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Spearman's rank correlation; equal values share the mean of their ranks.
 *
 * @param {number[]} xs
 * @param {number[]} ys as many
 * @returns {number | undefined} from -1 to 1; undefined if one of both is constant
 */
export function rankCorrelation(xs, ys) {
  const [x, y] = [ranks(xs), ranks(ys)];
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  x.forEach((rank, i) => {
    xx += (rank - meanX) ** 2;
    yy += (at(y, i) - meanY) ** 2;
    xy += (rank - meanX) * (at(y, i) - meanY);
  });
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : undefined;
}

/** @param {number[]} values */
function ranks(values) {
  const order = values.map((_, i) => i).sort((one, other) => at(values, one) - at(values, other));
  /** @type {number[]} */
  const found = new Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && at(values, at(order, to)) === at(values, at(order, from))) {
      to++;
    }
    order.slice(from, to).forEach((i) => (found[i] = (from + to - 1) / 2));
  }
  return found;
}
