// @ts-check
/** Where the probes lie in the maps of two runs, and in which colours. */

import { at } from './lookup.js';
import { mean } from './scale.js';

/** @typedef {import('./api.js').Plane} Plane */
/** @typedef {import('./api.js').Point} Point */

/** Colours of probes, by the direction in which they lie. */
const HUES = 12;

/** The width and height of a map. */
export const SIZE = 360;
const MARGIN = 10;

/**
 * Where the points of both runs lie in a picture; both have the same scale and the same origin.
 *
 * @param {Plane} plane
 * @returns {(point: Point) => Point}
 */
export function placing({ runs }) {
  const all = runs.flatMap(({ points }) => points);
  const [left, right] = extent(all.map(([x]) => x));
  const [bottom, top] = extent(all.map(([, y]) => y));
  const range = Math.max(right - left, top - bottom) || 1;
  const scale = (SIZE - 2 * MARGIN) / range;
  const [middleX, middleY] = [(left + right) / 2, (bottom + top) / 2];
  return ([x, y]) => [SIZE / 2 + scale * (x - middleX), SIZE / 2 - scale * (y - middleY)];
}

/** @param {number[]} values @returns {[number, number]} */
const extent = (values) =>
  values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);

/**
 * The colour of each probe: the direction in which it lies from the middle of all.
 *
 * @param {Point[]} points
 * @returns {number[]} from 0 to below {@link HUES}
 */
export function huesOf(points) {
  const middle = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  return points.map(([x, y]) => {
    const turn = Math.atan2(y - at(middle, 1), x - at(middle, 0)) / (2 * Math.PI);
    return Math.floor(HUES * (turn - Math.floor(turn))) % HUES;
  });
}

/**
 * The probes by how far apart both runs have them in the plane, the farthest first.
 *
 * @param {Plane} plane
 * @returns {{probe: number, distance: number}[]}
 */
export function farthest({ runs, every }) {
  const [one, other] = [at(runs, 0).points, at(runs, 1).points];
  return one
    .map(([x, y], i) => {
      const [otherX, otherY] = at(other, i);
      return { probe: i * every, distance: Math.hypot(x - otherX, y - otherY) };
    })
    .sort((a, b) => b.distance - a.distance);
}
