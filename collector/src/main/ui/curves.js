// @ts-check
/** From observations to the curves that are drawn of them. */

import { at, firstFrom, own } from './lookup.js';
import { CONFIDENCE, decimals, duration, fixed, number, percent, whole } from './format.js';

/** @typedef {import('./api.js').Observation} Observation */

/**
 * Something that can be drawn.
 *
 * @typedef {object} Measure
 * @property {string} id as in links
 * @property {string} label
 * @property {(observation: Observation) => number | undefined} value
 * @property {(observation: Observation) => [number, number] | undefined} [interval] where it lies with 95 %, or as
 *     the label says
 * @property {(value: number, spacing?: number) => string} format of a value; or of a label of an axis, so far from the
 *     next
 */

/**
 * @param {number} value
 * @param {number} [spacing]
 */
const plain = (value, spacing) =>
  spacing === undefined || Math.abs(value) >= 1000 || spacing < 1e-6
    ? number(value)
    : fixed(value, decimals(spacing, 3));

/** @type {Measure} */
export const SCORE = {
  id: 'score',
  label: 'Score',
  value: (observation) => observation.score,
  interval: ({ score, standardError }) =>
    score === undefined || standardError === undefined
      ? undefined
      : [score - CONFIDENCE * standardError, score + CONFIDENCE * standardError],
  format: (value, spacing) => fixed(value, decimals(spacing, 3)),
};

/** @type {Measure} */
export const PREDICTED = {
  id: 'predicted_accuracy',
  label: 'Predicted accuracy',
  value: (observation) => observation.predictedAccuracy?.value,
  interval: ({ predictedAccuracy }) => predictedAccuracy && [predictedAccuracy.low, predictedAccuracy.high],
  format: (value, spacing) => percent(value, decimals(spacing && spacing * 100, 1)),
};

/** @type {Measure} */
export const GAUGED = {
  id: 'gauged_score',
  label: 'Score between floor and ceiling',
  value: (observation) => observation.gaugedScore,
  format: (value, spacing) => fixed(value, decimals(spacing, 3)),
};

/** @type {Measure[]} */
export const COMPANIONS = [
  {
    id: 'similarity',
    label: 'Similarity',
    value: (observation) => observation.similarity,
    format: (value, spacing) => fixed(value, decimals(spacing, 3)),
  },
  {
    id: 'chance',
    label: 'Chance',
    value: (observation) => observation.chance,
    format: (value, spacing) => fixed(value, decimals(spacing, 3)),
  },
  companion('linear_cka', 'Linear CKA'),
  companion('effective_rank', 'Effective rank'),
  companion('neighbour_overlap', 'Neighbour overlap'),
  companion('prediction_agreement', 'Prediction agreement'),
];

/** @type {Measure[]} */
export const COSTS = [
  {
    id: 'steps_per_second',
    label: 'Steps per second',
    value: (observation) => observation.training?.stepsPerSecond,
    format: plain,
  },
  {
    id: 'overhead',
    label: "The monitor's share of the time",
    value: (observation) => observation.overheadRatio,
    format: (value, spacing) => percent(value, decimals(spacing && spacing * 100, 2)),
  },
  {
    id: 'probe_seconds',
    label: 'Time of a measurement',
    value: (observation) => observation.probeSeconds,
    format: (value) => duration(value),
  },
  {
    id: 'device_memory',
    label: 'Memory of the device, GiB',
    value: ({ training }) => training?.deviceMemoryBytes && training.deviceMemoryBytes / 2 ** 30,
    format: plain,
  },
];

/**
 * @param {string} id
 * @param {string} label
 * @returns {Measure}
 */
function companion(id, label) {
  return { id, label, value: (observation) => own(observation.companions, id), format: plain };
}

/**
 * What an evaluator of the training says.
 *
 * @param {string} name
 * @returns {Measure}
 */
export const evaluation = (name) => ({
  id: 'evaluation.' + name,
  label: name,
  value: (observation) => own(observation.evaluations, name),
  format: plain,
});

/**
 * All that some observations have a value of.
 *
 * @param {Observation[]} observations
 * @returns {Measure[]}
 */
export function measuresOf(observations) {
  const names = [...new Set(observations.flatMap(({ evaluations }) => Object.keys(evaluations ?? {})))].sort();
  return [SCORE, PREDICTED, GAUGED, ...names.map(evaluation), ...COMPANIONS, ...COSTS].filter(
    (measure) => measure === SCORE || observations.some((observation) => measure.value(observation) !== undefined),
  );
}

/**
 * What curves are drawn over.
 *
 * @typedef {'step' | 'epoch' | 'hours' | 'time'} Axis
 */

/** @type {Record<Axis, string>} */
export const AXES = { step: 'Step', epoch: 'Epoch', hours: 'Hours since the first observation', time: 'Time of day' };

/**
 * @param {string | null} text
 * @returns {Axis}
 */
export const axisOf = (text) => (text !== null && Object.hasOwn(AXES, text) ? /** @type {Axis} */ (text) : 'step');

/**
 * Where an observation lies on an axis.
 *
 * @param {Axis} axis
 * @param {number} start when the run began, in milliseconds since 1970
 * @returns {(observation: Observation) => number}
 */
export function position(axis, start) {
  switch (axis) {
    case 'step':
      return (observation) => observation.step;
    case 'epoch':
      return (observation) => observation.epoch;
    case 'hours':
      return (observation) => (Date.parse(observation.time) - start) / 3_600_000;
    case 'time':
      return (observation) => Date.parse(observation.time) / 1000;
  }
}

/** @type {Record<Axis, (value: number) => string>} */
export const AXIS_FORMATS = {
  step: (value) => 'step ' + whole(Math.round(value)),
  epoch: (value) => 'epoch ' + number(value),
  hours: (value) => duration(value * 3600),
  time: (value) =>
    new Date(value * 1000).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }),
};

/**
 * A curve, one for each attempt of a run, since a later attempt may begin at an earlier step.
 *
 * @typedef {object} Curve
 * @property {number} attempt
 * @property {number[]} xs ascending
 * @property {(number | null)[]} ys null where the layer had no score
 * @property {(number | null)[]} lows
 * @property {(number | null)[]} highs
 */

/**
 * The curves of a measure.
 *
 * @param {Observation[]} observations of one run and series, in their order
 * @param {Measure} measure
 * @param {(observation: Observation) => number} where
 * @returns {Curve[]} without those that have no value
 */
export function curvesOf(observations, measure, where) {
  /** @type {Map<number, Curve>} */
  const curves = new Map();
  for (const observation of observations) {
    const value = measure.value(observation);
    // An evaluator that says nothing between two epochs leaves no gap; a layer without a score does.
    if (value === undefined && observation.undefined === undefined) {
      continue;
    }
    let curve = curves.get(observation.attempt);
    if (!curve) {
      curve = { attempt: observation.attempt, xs: [], ys: [], lows: [], highs: [] };
      curves.set(observation.attempt, curve);
    }
    add(curve, where(observation), value, measure.interval?.(observation));
  }
  return [...curves.values()].filter((curve) => curve.ys.some((value) => value !== null));
}

/**
 * @param {Curve} curve
 * @param {number} x
 * @param {number | undefined} y
 * @param {[number, number] | undefined} interval
 */
function add(curve, x, y, interval) {
  const last = curve.xs.length - 1;
  // Clocks may go back; what is drawn goes on from left to right.
  if (last >= 0 && x <= at(curve.xs, last)) {
    if (x < at(curve.xs, last)) {
      return;
    }
    curve.xs.length = curve.ys.length = curve.lows.length = curve.highs.length = last;
  }
  curve.xs.push(x);
  curve.ys.push(y ?? null);
  curve.lows.push(interval?.[0] ?? null);
  curve.highs.push(interval?.[1] ?? null);
}

/**
 * A moving average whose weights fall off exponentially with the distance, of what came before.
 *
 * Where points are equally far apart this is the smoothing that TensorBoard has, without its bias to the beginning;
 * where they are not, as under a budget or after a thinning, each counts by where it is and not by how many lie
 * between.
 *
 * @param {number[]} xs ascending
 * @param {(number | null)[]} ys
 * @param {number} strength from 0, nothing, to below 1: the weight of a point one mean distance back
 * @returns {(number | null)[]}
 */
export function smoothed(xs, ys, strength) {
  if (strength <= 0 || xs.length < 2) {
    return ys;
  }
  const distance = (at(xs, xs.length - 1) - at(xs, 0)) / (xs.length - 1) || 1;
  let sum = 0;
  let weight = 0;
  let before = xs[0] ?? 0;
  return ys.map((y, i) => {
    if (y === null) {
      return null;
    }
    const x = at(xs, i);
    const decay = strength ** ((x - before) / distance);
    before = x;
    sum = sum * decay + y;
    weight = weight * decay + 1;
    return sum / weight;
  });
}

/** So many points has the curve of a group. */
const GROUP_POINTS = 200;

/**
 * The mean of some curves, with the lowest and highest of them as its interval; drawn where most of them are, so
 * that it does not jump where the last few end.
 *
 * @param {{xs: number[], ys: (number | null)[]}[]} curves at least one, with at least one point each
 * @returns {Omit<Curve, 'attempt'>}
 */
export function pooled(curves) {
  const first = Math.min(...curves.map(({ xs }) => at(xs, 0)));
  const last = Math.max(...curves.map(({ xs }) => at(xs, xs.length - 1)));
  /** @type {Omit<Curve, 'attempt'>} */
  const pool = { xs: [], ys: [], lows: [], highs: [] };
  const count = last > first ? GROUP_POINTS : 1;
  for (let i = 0; i < count; i++) {
    const x = first + ((last - first) * i) / Math.max(1, count - 1);
    const values = curves.flatMap((curve) => valueAt(curve, x) ?? []);
    if (values.length * 2 > curves.length) {
      pool.xs.push(x);
      pool.ys.push(values.reduce((sum, value) => sum + value, 0) / values.length);
      pool.lows.push(Math.min(...values));
      pool.highs.push(Math.max(...values));
    }
  }
  return pool;
}

/**
 * The value of a curve between two of its points, on the line between them; undefined beyond its ends and in gaps.
 *
 * @param {{xs: number[], ys: (number | null)[]}} curve
 * @param {number} x
 */
export function valueAt({ xs, ys }, x) {
  const after = firstFrom(xs, x);
  const next = ys[after];
  if (next === undefined || next === null || (after === 0 && xs[0] !== x)) {
    return undefined;
  } else if (xs[after] === x) {
    return next;
  }
  const before = ys[after - 1];
  if (before === undefined || before === null) {
    return undefined;
  }
  const [left, right] = [at(xs, after - 1), at(xs, after)];
  return before + ((next - before) * (x - left)) / (right - left);
}

/**
 * Evaluators that say the same of different data, such as train_loss and validate_loss: they share a chart.
 *
 * @param {string[]} names
 * @returns {Map<string, string[]>} the names by what they have in common
 */
export function families(names) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const name of [...names].sort()) {
    const family = name.replace(/^(train|training|validate|validation|valid|val|test|eval)[_./-]/i, '');
    found.set(family, [...(found.get(family) ?? []), name]);
  }
  return found;
}
