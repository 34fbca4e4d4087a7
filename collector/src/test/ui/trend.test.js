import assert from 'node:assert/strict';
import { test } from 'node:test';
import { course, extended, polylines } from '../../main/ui/trend.js';

const steps = Array.from({ length: 40 }, (_, i) => i * 100);

/** Numbers from 0 to 1 that are the same each time. @param {number} seed */
function random(seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

test('a line that rises is rising by what it rises over its newest half', () => {
  const found = course(
    steps,
    steps.map((step) => step / 10_000),
  );
  assert.equal(found?.direction, 'rising');
  // From step 2,000, the first in the newest half, to step 3,900.
  assert.ok(Math.abs((found?.change ?? 0) - 0.19) < 1e-9);
});

test('what rose before and falls now is falling', () => {
  const scores = steps.map((step) => (step < 2000 ? step : 4000 - step) / 10_000);
  assert.equal(course(steps, scores)?.direction, 'falling');
});

test('noise around a level is level, nearly always, also where there are few points', () => {
  for (const count of [12, 14, 20, 40]) {
    let wrong = 0;
    for (let seed = 1; seed <= 1000; seed++) {
      const next = random(seed);
      const some = steps.slice(0, count);
      const scores = some.map(() => 0.5 + 0.01 * (next() + next() + next() + next() - 2));
      wrong += course(some, scores)?.direction === 'level' ? 0 : 1;
    }
    // 2.7 are expected; more than 10 come by chance in one of several thousand cases.
    assert.ok(wrong <= 10, `${wrong} of 1000 with ${count} points`);
  }
});

test('a level without any noise is level', () => {
  const scores = steps.map(() => 0.5);
  assert.deepEqual(course(steps, scores), { direction: 'level', change: 0 });
});

test('few points tell nothing, and gaps are no points', () => {
  assert.equal(course([0, 1, 2], [0, 1, 2]), undefined);
  assert.equal(course([], []), undefined);
  assert.equal(
    course(
      steps,
      steps.map((_, i) => (i < 37 ? null : i)),
    ),
    undefined,
  );
});

test('a curve that becomes too long keeps its first and newest points, and every second one between', () => {
  let trend = { layer: 'l', reference: 'r', attempt: 1, steps: [0], scores: /** @type {(number | null)[]} */ ([0]) };
  for (let i = 1; i <= 1000; i++) {
    trend = extended(trend, i, i / 1000, 10);
    assert.ok(trend.steps.length <= 10);
    assert.equal(trend.steps[0], 0);
    assert.equal(trend.steps[trend.steps.length - 1], i);
    assert.deepEqual(
      trend.scores,
      trend.steps.map((step) => step / 1000),
    );
  }
});

test('what comes late does not go back', () => {
  const trend = { layer: 'l', reference: 'r', attempt: 1, steps: [5], scores: [0.5] };
  assert.equal(extended(trend, 5, 0.6, 10), trend);
  assert.equal(extended(trend, 4, 0.6, 10), trend);
});

test('a picture goes from left to right and from bottom to top, with a gap where there is no score', () => {
  const lines = polylines([0, 10, 20, 30, 40], [0, 0.5, null, 0.5, 1], 102, 22);
  assert.deepEqual(lines, ['1.0,21.0 26.0,11.0', '76.0,11.0 101.0,1.0']);
});

test('a single point is seen', () => {
  assert.deepEqual(polylines([0, 10, 20], [1, null, 1], 102, 22).length, 2);
  assert.match(polylines([5], [1], 102, 22)[0] ?? '', /^(\S+) \1$/);
});

test('a curve that hardly moves is drawn flat', () => {
  const [line = ''] = polylines([0, 1], [0.5, 0.501], 102, 22);
  const heights = line.split(' ').map((point) => Number(point.split(',')[1]));
  assert.ok(Math.abs((heights[0] ?? 0) - (heights[1] ?? 0)) < 1);
});
