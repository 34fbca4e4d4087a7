import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ago,
  counted,
  decimals,
  duration,
  fixed,
  number,
  percent,
  referenceName,
  signed,
  size,
} from '../../main/ui/format.js';

test('a number has its digits, a minus and no negative zero', () => {
  assert.equal(fixed(0.12345), '0.123');
  assert.equal(fixed(-0.5), '−0.500');
  assert.equal(fixed(-0.0001), '0.000');
  assert.equal(fixed(undefined), '–');
  assert.equal(fixed(NaN), '–');
});

test('numbers of any size keep what counts', () => {
  assert.equal(number(0), '0');
  assert.equal(number(0.12345), '0.1235');
  assert.equal(number(0.00149), '0.00149');
  assert.equal(number(12.345), '12.35');
  assert.equal(number(1234.5), '1,235');
  assert.equal(number(0.00001234), '1.23e−5');
  assert.equal(number(12_345_678_901), '1.23e+10');
});

test('labels of an axis have as many digits as tell them apart', () => {
  assert.equal(decimals(0.0002, 3), 4);
  assert.equal(decimals(0.001, 1), 3);
  assert.equal(decimals(0.025, 1), 3);
  assert.equal(decimals(2.5, 1), 1);
  assert.equal(decimals(5, 3), 0);
  assert.equal(decimals(undefined, 3), 3);
  assert.equal(decimals(0, 3), 3);
});

test('a change has its sign', () => {
  assert.equal(signed(0.01), '+0.010');
  assert.equal(signed(-0.01), '−0.010');
  assert.equal(signed(0.00001), '0.000');
});

test('times are in the largest unit that there is one of', () => {
  assert.equal(duration(0), '0 s');
  assert.equal(duration(0.0042), '4.2 ms');
  assert.equal(duration(1.74), '1.7 s');
  assert.equal(duration(59.9), '59 s');
  assert.equal(duration(60), '1 min');
  assert.equal(duration(3 * 3600 + 5 * 60), '3 h 5 min');
  assert.equal(duration(49 * 3600), '2 d 1 h');
});

test('what was a moment ago, or is yet to come by another clock, is just now', () => {
  assert.equal(ago(999), 'just now');
  assert.equal(ago(-5000), 'just now');
  assert.equal(ago(1999), '1 s ago');
  assert.equal(ago(61_000), '1 min ago');
});

test('other units', () => {
  assert.equal(percent(0.1234), '12.3 %');
  assert.equal(size(512), '512 B');
  assert.equal(size(1536), '1.5 KiB');
  assert.equal(counted(1, 'run'), '1 run');
  assert.equal(counted(1234, 'run'), '1,234 runs');
  assert.equal(referenceName('cnn@v1@0123'), 'cnn@v1');
});
