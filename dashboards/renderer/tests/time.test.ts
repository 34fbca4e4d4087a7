import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs, durationText, moment, roundInterval, steps, timeRange } from '../src/time';

const NOW = Date.parse('2026-01-31T12:00:00Z');

test('durations are read, and written the shortest way', () => {
  assert.equal(durationMs('1h30m'), 5_400_000);
  assert.equal(durationMs('250ms'), 250);
  assert.equal(durationText(15_000), '15s');
  assert.equal(durationText(90_000), '90s');
  assert.equal(durationText(7_200_000), '2h');
  assert.equal(durationText(250), '250ms');
  assert.throws(() => durationMs('15'), /"15" is no duration/);
  assert.throws(() => durationMs('15s!'), /is no duration/);
});

test('moments are relative, in seconds or dates', () => {
  assert.equal(moment('now', NOW), NOW);
  assert.equal(moment('now-6h', NOW), NOW - 21_600_000);
  assert.equal(moment('1769860800', NOW), NOW);
  assert.equal(moment('2026-01-31T12:00:00Z', NOW), NOW);
  assert.throws(() => moment('yesterday', NOW), /"yesterday" is no time/);
  assert.throws(() => moment('now/d', NOW), /is no time/);
});

test('a range goes forward', () => {
  assert.throws(() => timeRange('now', 'now-1h', NOW), /ends before it begins/);
});

test('intervals are rounded to those that Grafana uses', () => {
  assert.equal(roundInterval(9), 1);
  assert.equal(roundInterval(14_000), 15_000);
  assert.equal(roundInterval(40_000), 30_000);
  assert.equal(roundInterval(5_000_000), 3_600_000);
  assert.equal(roundInterval(10 * 31_536_000_000), 31_536_000_000);
});

test('the step fits the width, is never below the minimum, and the rate interval holds four scrapes', () => {
  const sixHours = timeRange('now-6h', 'now', NOW);
  assert.deepEqual(steps(sixHours, 700, 15_000, 15_000), { intervalMs: 30_000, rateIntervalMs: 60_000 });
  assert.deepEqual(steps(sixHours, 100_000, 15_000, 15_000), { intervalMs: 15_000, rateIntervalMs: 60_000 });
  assert.deepEqual(steps(sixHours, 60, 15_000, 15_000), { intervalMs: 300_000, rateIntervalMs: 315_000 });
});

test('no query asks for more points than Prometheus gives', () => {
  const thirtyDays = timeRange('now-30d', 'now', NOW);
  const { intervalMs } = steps(thirtyDays, 100_000, 1000, 1000);
  assert.ok((thirtyDays.to - thirtyDays.from) / intervalMs <= 11_000);
});
