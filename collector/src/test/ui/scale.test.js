import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankCorrelation, scaleOf } from '../../main/ui/scale.js';

test('what rises with another is one, what falls is minus one, however it does', () => {
  assert.equal(rankCorrelation([1, 2, 3, 4], [1, 10, 11, 1000]), 1);
  assert.equal(rankCorrelation([1, 2, 3, 4], [5, 4, 0, -9]), -1);
});

test('equal values share their ranks', () => {
  // Ranks 0, 1.5, 1.5, 3 and 0, 1, 2, 3: 4.5 / sqrt(4.5 * 5).
  const rho = /** @type {number} */ (rankCorrelation([1, 2, 2, 3], [1, 2, 3, 4]));
  assert.ok(Math.abs(rho - 4.5 / Math.sqrt(4.5 * 5)) < 1e-12);
});

test('with a constant there is no correlation', () => {
  assert.equal(rankCorrelation([1, 1, 1], [1, 2, 3]), undefined);
});

test('numbers lie by what they are, and by their logarithm over more than a power of ten', () => {
  assert.equal(scaleOf(['0', '5', '10'])?.share('5'), 0.5);
  const wide = scaleOf(['0.0001', '0.001', '0.01']);
  assert.ok(Math.abs((wide?.share('0.001') ?? 0) - 0.5) < 1e-12);
});

test('words stand side by side in their order', () => {
  const scale = scaleOf(['sgd', 'adam', 'sgd']);
  assert.deepEqual(scale?.ticks, [
    { share: 0.25, label: 'adam' },
    { share: 0.75, label: 'sgd' },
  ]);
});

test('one value, or too many words, are no scale', () => {
  assert.equal(scaleOf(['a', 'a']), undefined);
  assert.equal(scaleOf(['1', '1.0']), undefined);
  assert.equal(scaleOf(Array.from({ length: 13 }, (_, i) => 'w' + i)), undefined);
  assert.equal(scaleOf(['', '1'])?.isNumeric, false);
});
