import assert from 'node:assert/strict';
import { test } from 'node:test';
import { farthest, huesOf, placing } from '../../main/ui/plane.js';

/** @typedef {import('../../main/ui/api.js').Point} Point */

/**
 * @param {Point[]} one
 * @param {Point[]} other
 * @returns {import('../../main/ui/api.js').Plane}
 */
const plane = (one, other) => ({
  layer: 'encoder',
  probes: 'digits',
  profile: 'standardised',
  probeCount: one.length,
  anchors: 8,
  groups: [],
  missing: [],
  explained: [0.5, 0.25],
  every: 1,
  runs: [one, other].map((points, i) => ({
    run: 'ab'.charAt(i),
    state: 'live',
    attempt: 1,
    step: 10,
    time: '2026-01-01T00:00:00Z',
    points,
  })),
});

test('both maps have one scale, and one unit is as long in both directions', () => {
  const place = placing(
    plane(
      [
        [0, 0],
        [2, 1],
      ],
      [
        [4, 0],
        [0, -1],
      ],
    ),
  );
  const [[x0, y0], [x1, y1], [x2, y2]] = [place([0, 0]), place([1, 0]), place([0, 1])];
  assert.ok(x1 > x0 && y1 === y0, 'the first coordinate goes to the right');
  assert.ok(y2 < y0 && x2 === x0, 'the second goes upwards');
  assert.ok(Math.abs(x1 - x0 - (y0 - y2)) < 1e-9);
  for (const point of /** @type {Point[]} */ ([
    [0, 0],
    [2, 1],
    [4, 0],
    [0, -1],
  ])) {
    assert.ok(
      place(point).every((at) => at >= 10 && at <= 350),
      `${point.join()} is at ${place(point).join()}`,
    );
  }
});

test('points that are all in one place have a place', () => {
  assert.deepEqual(placing(plane([[1, 1]], [[1, 1]]))([1, 1]), [180, 180]);
});

test('the colour of a probe is the direction from the middle', () => {
  /** @type {Point[]} */
  const points = [
    [1, 0.1],
    [0.1, 1],
    [-1, -0.1],
    [-0.1, -1],
  ].map(([x = 0, y = 0]) => [x + 7, y - 3]);
  assert.deepEqual(huesOf(points), [0, 2, 6, 8]);
});

test('the probes that both have far apart come first', () => {
  const found = farthest(
    plane(
      [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      [
        [0, 1],
        [1, 1],
        [2, -2],
      ],
    ),
  );
  assert.deepEqual(found, [
    { probe: 2, distance: 4 },
    { probe: 0, distance: 1 },
    { probe: 1, distance: 0 },
  ]);
});

test('probes that were left out count', () => {
  const thinned = {
    ...plane(
      [
        [0, 0],
        [1, 1],
      ],
      [
        [0, 0],
        [3, 1],
      ],
    ),
    every: 5,
  };
  assert.deepEqual(farthest(thinned)[0], { probe: 5, distance: 2 });
});
