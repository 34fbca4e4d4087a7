import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PREDICTED,
  SCORE,
  curvesOf,
  evaluation,
  families,
  measuresOf,
  pooled,
  position,
  smoothed,
  valueAt,
} from '../../main/ui/curves.js';
import { observation } from './runs.js';

const step = position('step', 0);

test('a curve has the interval of 95 % that the standard error gives', () => {
  const [curve] = curvesOf([observation({ step: 5, score: 0.5, standardError: 0.01 })], SCORE, step);
  assert.deepEqual(curve?.xs, [5]);
  assert.deepEqual(curve?.ys, [0.5]);
  assert.ok(Math.abs((curve?.lows[0] ?? 0) - 0.4804) < 1e-12);
  assert.ok(Math.abs((curve?.highs[0] ?? 0) - 0.5196) < 1e-12);
});

test('each attempt is a curve of its own', () => {
  const curves = curvesOf(
    [
      observation({ step: 0, score: 0 }),
      observation({ step: 9, score: 0.9 }),
      observation({ attempt: 2, step: 5, score: 0.5 }),
    ],
    SCORE,
    step,
  );
  assert.deepEqual(
    curves.map(({ attempt, xs }) => [attempt, xs]),
    [
      [1, [0, 9]],
      [2, [5]],
    ],
  );
});

test('a layer without a score is a gap; an evaluator that says nothing is none', () => {
  const observations = [
    observation({ step: 1, score: 0.1, evaluations: { loss: 1 } }),
    observation({ step: 2, undefined: 'all units are dead' }),
    observation({ step: 3, score: 0.3 }),
    observation({ step: 4, score: 0.4, evaluations: { loss: 0.5 } }),
  ];
  assert.deepEqual(curvesOf(observations, SCORE, step)[0]?.ys, [0.1, null, 0.3, 0.4]);
  assert.deepEqual(curvesOf(observations, evaluation('loss'), step)[0]?.xs, [1, 2, 4]);
  assert.deepEqual(curvesOf(observations, evaluation('loss'), step)[0]?.ys, [1, null, 0.5]);
});

test('a clock that goes back does not draw a curve back', () => {
  const time = position('time', 0);
  const at = (/** @type {number} */ second, /** @type {number} */ score) =>
    observation({ time: `2026-01-01T00:00:0${second}Z`, score });
  const [curve] = curvesOf([at(1, 0.1), at(3, 0.3), at(2, 0.2), at(3, 0.35), at(4, 0.4)], SCORE, time);
  assert.deepEqual(curve?.ys, [0.1, 0.35, 0.4]);
  assert.deepEqual(
    curve?.xs.map((x) => x - Date.parse('2026-01-01T00:00:00Z') / 1000),
    [1, 3, 4],
  );
});

test('hours are those since the start', () => {
  const hours = position('hours', Date.parse('2026-01-01T00:00:00Z'));
  assert.equal(hours(observation({ time: '2026-01-01T01:30:00Z' })), 1.5);
});

test('what is offered is the score and what there are values of', () => {
  const ids = (/** @type {import('../../main/ui/api.js').Observation[]} */ observations) =>
    measuresOf(observations).map(({ id }) => id);
  assert.deepEqual(ids([]), ['score']);
  assert.deepEqual(
    ids([observation({ evaluations: { b: 1, a: 1 }, predictedAccuracy: { value: 0.5, low: 0.4, high: 0.6 } })]),
    ['score', PREDICTED.id, 'evaluation.a', 'evaluation.b'],
  );
});

test('without strength nothing is smoothed', () => {
  const ys = [1, null, 3];
  assert.equal(smoothed([0, 1, 2], ys, 0), ys);
});

test('a constant stays what it is, also at the beginning', () => {
  for (const strength of [0.1, 0.5, 0.9, 0.99]) {
    smoothed([0, 1, 2, 7, 8], [2, 2, 2, 2, 2], strength).forEach((y) =>
      assert.ok(Math.abs(/** @type {number} */ (y) - 2) < 1e-12),
    );
  }
});

test('points at equal distances are weighted as by TensorBoard, whose bias is corrected', () => {
  const ys = [1, 5, 2, 8];
  let last = 0;
  const expected = ys.map((y, i) => {
    last = last * 0.6 + 0.4 * y;
    return last / (1 - 0.6 ** (i + 1));
  });
  smoothed([0, 10, 20, 30], ys, 0.6).forEach((y, i) =>
    assert.ok(Math.abs(/** @type {number} */ (y) - /** @type {number} */ (expected[i])) < 1e-12),
  );
});

test('a gap stays a gap and counts for nothing', () => {
  const [, gap, after] = smoothed([0, 1, 2], [4, null, 4], 0.5);
  assert.equal(gap, null);
  assert.equal(after, 4);
});

test('a value between two points is on the line between them', () => {
  const curve = { xs: [0, 10, 20, 30], ys: [0, 1, null, 3] };
  assert.equal(valueAt(curve, 0), 0);
  assert.equal(valueAt(curve, 5), 0.5);
  assert.equal(valueAt(curve, 10), 1);
  assert.equal(valueAt(curve, 30), 3);
  for (const beyond of [-1, 15, 20, 25, 31]) {
    assert.equal(valueAt(curve, beyond), undefined, String(beyond));
  }
});

test('a group is drawn by its mean between its lowest and its highest, where most of it is', () => {
  const group = pooled([
    { xs: [0, 100], ys: [0, 1] },
    { xs: [0, 100], ys: [1, 2] },
    { xs: [0, 50], ys: [2, 2.5] },
  ]);
  assert.equal(group.xs[0], 0);
  assert.equal(group.xs[group.xs.length - 1], 100);
  assert.deepEqual([group.lows[0], group.ys[0], group.highs[0]], [0, 1, 2]);
  assert.equal(group.ys[group.ys.length - 1], 1.5);
  const pair = pooled([
    { xs: [0, 100], ys: [0, 1] },
    { xs: [0, 50], ys: [1, 1.5] },
  ]);
  assert.ok(/** @type {number} */ (pair.xs[pair.xs.length - 1]) <= 50);
});

test('a group of one point each is a point', () => {
  const point = pooled([
    { xs: [7], ys: [1] },
    { xs: [7], ys: [2] },
  ]);
  assert.deepEqual([point.xs, point.ys], [[7], [1.5]]);
});

test('evaluators of the same on other data are one family', () => {
  assert.deepEqual(
    [...families(['train_loss', 'validate_loss', 'validate_Accuracy', 'lr'])],
    [
      ['lr', ['lr']],
      ['loss', ['train_loss', 'validate_loss']],
      ['Accuracy', ['validate_Accuracy']],
    ],
  );
});
