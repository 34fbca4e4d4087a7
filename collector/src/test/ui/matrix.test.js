import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEVELS, levelOf, orderOf, placesOf, rangeOf, rowsOf } from '../../main/ui/matrix.js';

/** @typedef {import('../../main/ui/api.js').Comparison} Comparison */

/**
 * @param {(number | null)[][]} scores
 * @param {(number | undefined)[]} consensus
 * @returns {Comparison}
 */
const comparison = (scores, consensus = scores.map(() => 0.5)) => ({
  layer: 'encoder',
  probes: 'digits',
  profile: 'standardised',
  probeCount: 20,
  anchors: 8,
  groups: [],
  missing: [],
  runs: consensus.map((score, i) => ({
    run: 'abcdefgh'.charAt(i),
    state: 'live',
    attempt: 1,
    step: 10 * i,
    time: '2026-01-01T00:00:00Z',
    consensus: score === undefined ? { undefined: 'zero' } : { score, standardError: 0.01 },
  })),
  scores,
  standardErrors: scores.map((row) => row.map(() => 0.01)),
  similarities: scores,
});

/** Pairs of the same group score high, others low. @param {string} groups a letter for each run */
const blocks = (groups) =>
  comparison([...groups].map((one, i) => [...groups].map((other, j) => (i === j ? 1 : one === other ? 0.9 : 0.2))));

test('runs are as they were named unless something else is asked for', () => {
  assert.deepEqual(placesOf(blocks('xyx'), 'named'), [0, 1, 2]);
  assert.equal(orderOf('consensus'), 'consensus');
  assert.equal(orderOf(null), 'named');
  assert.equal(orderOf('constructor'), 'named');
});

test('the highest consensus comes first, and what has none comes last', () => {
  const consensus = [undefined, 0.2, 0.9, undefined, 0.9, -0.1];
  const scores = consensus.map(() => consensus.map(() => 0.5));
  assert.deepEqual(placesOf(comparison(scores, consensus), 'consensus'), [2, 4, 1, 5, 0, 3]);
});

test('runs that are alike are beside each other', () => {
  for (const groups of ['xyxyxy', 'xxyyzz', 'zxyzxyzx', 'yxxxxxxy']) {
    const places = placesOf(blocks(groups), 'alike');
    assert.deepEqual(
      [...places].sort(),
      [...groups].map((_, i) => i),
    );
    const shown = places.map((i) => groups.charAt(i)).join('');
    // Each group in one piece.
    assert.match(shown, /^(x*y*z*|x*z*y*|y*x*z*|y*z*x*|z*x*y*|z*y*x*)$/, `${groups} is shown as ${shown}`);
  }
});

test('groups come together by the ends that are alike', () => {
  // On a line, each is like its neighbours: 2 0 3 1.
  const line = [2, 0, 3, 1];
  const scores = [0, 1, 2, 3].map((i) =>
    [0, 1, 2, 3].map((j) => 1 - 0.1 * Math.abs(line.indexOf(i) - line.indexOf(j)) ** 2),
  );
  const places = placesOf(comparison(scores), 'alike');
  assert.ok([line.join(), [...line].reverse().join()].includes(places.join()), places.join());
});

test('a run without scores is like no other, and is not lost', () => {
  const scores = [
    [1, null, 0.9],
    [null, null, null],
    [0.9, null, 1],
  ];
  assert.deepEqual(placesOf(comparison(scores), 'alike'), [0, 2, 1]);
});

test('colours go from the lowest pair to the highest, rounded outwards', () => {
  const { low, high } = rangeOf([
    [1, 0.62, 0.31],
    [0.62, 1, null],
    [0.31, null, 1],
  ]);
  assert.deepEqual([low.toFixed(2), high.toFixed(2)], ['0.30', '0.65']);
});

test('scores that are nearly equal have nearly equal colours', () => {
  const { low, high } = rangeOf([
    [1, 0.98],
    [0.98, 1],
  ]);
  assert.deepEqual([low.toFixed(2), high.toFixed(2)], ['0.90', '1.00']);
  assert.deepEqual(
    rangeOf([
      [null, null],
      [null, null],
    ]),
    { low: 0, high: 1 },
  );
});

test('a multiple of the step is its own end, whatever its last digit', () => {
  const { low, high } = rangeOf([
    [1, 0.15, 0.35],
    [0.15, 1, 0.3],
    [0.35, 0.3, 1],
  ]);
  assert.deepEqual([low.toFixed(2), high.toFixed(2)], ['0.15', '0.35']);
});

test('each score has a colour of the range, its ends too', () => {
  const range = { low: 0.2, high: 0.8 };
  assert.equal(levelOf(0.2, range), 0);
  assert.equal(levelOf(0.8, range), LEVELS - 1);
  assert.equal(levelOf(0.52, range), LEVELS / 2);
  assert.equal(levelOf(-1, range), 0);
  assert.equal(levelOf(1, range), LEVELS - 1);
});

test('a table has what is shown, in the order in which it is', () => {
  const scores = [
    [1, 0.5, null],
    [0.5, 1, null],
    [null, null, null],
  ];
  assert.deepEqual(rowsOf(comparison(scores, [0.5, 0.6, undefined]), [2, 0, 1]), [
    ['run', 'state', 'step', 'consensus', 'consensus_standard_error', 'undefined', 'c', 'a', 'b'],
    ['c', 'live', 20, undefined, undefined, 'zero', null, null, null],
    ['a', 'live', 0, 0.5, 0.01, undefined, null, 1, 0.5],
    ['b', 'live', 10, 0.6, 0.01, undefined, null, 0.5, 1],
  ]);
});
