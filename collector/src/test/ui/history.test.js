import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../main/ui/history.js';
import { Browser, settled } from './browser.js';
import { observation, run } from './runs.js';

/** @typedef {import('../../main/ui/api.js').Observation} Observation */
/** @typedef {import('../../main/ui/api.js').Run} Run */

const SERIES = { layer: 'encoder', reference: 'cnn-v1@0123456789ab' };
const ALL = 'v1/runs/a/observations?layer=encoder&reference=cnn-v1%400123456789ab&points=1500';

/** An observation, one minute after the start for each step. @param {number} step @param {Partial<Observation>} [said] */
const at = (step, said = {}) =>
  observation({ step, time: new Date(Date.UTC(2026, 0, 1, 0, step)).toISOString(), ...said });

/** @param {number[]} found */
const page = (...found) => ({ observations: found.map((step) => at(step)), next: null });

/**
 * The run when it has observed so much; what is not said is usual.
 *
 * @param {number} observations how many
 * @param {Observation[]} latest
 * @param {Partial<Run>} [said]
 */
const seen = (observations, latest, said = {}) => run({ observations, latest, ...said });

/** A history that is read, of a run as it is. @param {Run} known */
function reading(known) {
  const browser = new Browser();
  const told = { times: 0 };
  const history = new History(known, SERIES, () => told.times++);
  return { browser, history, told };
}

/** A history that was read to step 30. */
async function ready() {
  const all = reading(seen(3, [at(30)]));
  await all.browser.answers(ALL, page(10, 20, 30));
  return all;
}

/** @param {History} history */
const steps = (history) => history.observations.map(({ step }) => step);

test('a history is read once', async () => {
  const { browser, history, told } = reading(seen(3, [at(30)]));
  assert.deepEqual([history.state, browser.asked], ['reading', [ALL]]);
  await browser.answers(ALL, page(10, 20, 30));
  assert.deepEqual([history.state, steps(history), told.times], ['ready', [10, 20, 30], 1]);
  assert.equal(history.start, Date.parse('2026-01-01T00:10:00Z'));
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 1);
});

test('what a run says of itself is appended, and nothing is read', async () => {
  const { browser, history, told } = await ready();
  history.take(seen(4, [at(40)]));
  assert.deepEqual([steps(history), told.times], [[10, 20, 30, 40], 2]);
  // Something else has changed.
  history.take(seen(4, [at(40)], { state: 'lost' }));
  assert.deepEqual([steps(history), told.times], [[10, 20, 30, 40], 2]);
  // A later attempt begins before.
  history.take(seen(5, [at(5, { attempt: 2 })], { attempt: 2 }));
  history.take(seen(6, [at(15, { attempt: 2 })], { attempt: 2 }));
  assert.deepEqual(steps(history), [10, 20, 30, 40, 5, 15]);
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 1);
});

test('what other series say is no part of it, and nothing is missed by it', async () => {
  const { browser, history } = await ready();
  const head = at(35, { layer: 'head' });
  const other = at(36, { reference: 'vit-v1@0123456789ab' });
  history.take(seen(4, [at(30), head]));
  history.take(seen(6, [at(40), head, other]));
  assert.deepEqual(steps(history), [10, 20, 30, 40]);
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 1);
});

test('what comes while it is read is not lost, and not there twice', async () => {
  const { browser, history } = reading(seen(3, [at(30)]));
  history.take(seen(4, [at(40)]));
  history.take(seen(5, [at(50)]));
  history.take(seen(6, [at(60)]));
  await browser.answers(ALL, page(10, 20, 30, 40));
  assert.deepEqual([history.state, steps(history)], ['ready', [10, 20, 30, 40, 50, 60]]);
  assert.equal(history.start, Date.parse('2026-01-01T00:10:00Z'));
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 1);
});

test('what was known before it was read is not lost', async () => {
  const { browser, history } = reading(seen(3, [at(30)]));
  await browser.answers(ALL, page(10, 20));
  assert.deepEqual(steps(history), [10, 20, 30]);
});

test('where some are missed, it is read anew after a while', async () => {
  const { browser, history } = await ready();
  history.take(seen(5, [at(50)]));
  assert.deepEqual([steps(history), browser.asked], [[10, 20, 30, 50], []]);
  await browser.passes(999);
  assert.deepEqual(browser.asked, []);
  await browser.passes(1);
  assert.deepEqual([browser.asked, history.state], [[ALL], 'ready']);
  await browser.answers(ALL, page(10, 20, 30, 40, 50));
  assert.deepEqual(steps(history), [10, 20, 30, 40, 50]);
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 2);
});

test('those that are missed in the meantime are read with the others', async () => {
  const { browser, history } = await ready();
  history.take(seen(5, [at(50)]));
  await browser.passes(500);
  history.take(seen(7, [at(70)]));
  await browser.passes(500);
  assert.deepEqual(browser.asked, [ALL]);
  await browser.answers(ALL, page(10, 20, 30, 40, 50, 60, 70));
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 2);
});

test('where some are missed while it is read, that goes on, and it is read anew afterwards', async () => {
  const { browser, history } = reading(seen(3, [at(30)]));
  history.take(seen(5, [at(50)]));
  await browser.passes(1500);
  history.take(seen(7, [at(70)]));
  await browser.passes(1500);
  assert.deepEqual([browser.asked, browser.requests.length], [[ALL], 1]);
  await browser.answers(ALL, page(10, 20, 30));
  assert.deepEqual([steps(history), browser.asked], [[10, 20, 30, 50, 70], []]);
  // That took 3 s.
  await browser.passes(30_000);
  assert.deepEqual(browser.asked, [ALL]);
  await browser.answers(ALL, page(10, 20, 30, 40, 50, 60, 70));
  assert.deepEqual(steps(history), [10, 20, 30, 40, 50, 60, 70]);
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 2);
});

test('it is read the more seldom the longer that takes', async () => {
  const { browser, history } = reading(seen(3, [at(30)]));
  await browser.passes(700);
  await browser.answers(ALL, page(10, 20, 30));
  history.take(seen(5, [at(50)]));
  await browser.passes(6999);
  assert.deepEqual(browser.asked, []);
  await browser.passes(1);
  assert.deepEqual(browser.asked, [ALL]);
});

test('a history that has grown too long is read anew', async () => {
  const { browser, history } = await ready();
  for (let i = 1; i <= 2997; i++) {
    history.take(seen(3 + i, [at(30 + i)]));
  }
  await browser.passes(600_000);
  assert.deepEqual([history.observations.length, browser.asked], [3000, []]);
  history.take(seen(3001, [at(3028)]));
  await browser.passes(1000);
  assert.deepEqual(browser.asked, [ALL]);
});

test('a part is read in all its detail, and has nothing that lies outside of it', async () => {
  const { browser, history } = await ready();
  const part = ALL + '&fromStep=20&toStep=30';
  history.take(seen(4, [at(40)]));
  // On an axis of minutes.
  history.zoom(({ time }) => (Date.parse(time) - history.start) / 60_000, 5, 25);
  assert.deepEqual([history.range, browser.asked], [{ from: 20, to: 30 }, [part]]);
  history.take(seen(5, [at(50)]));
  await browser.answers(part, page(20, 25, 30));
  history.take(seen(6, [at(60)]));
  assert.deepEqual(steps(history), [20, 25, 30]);
  // Another attempt comes by.
  history.take(seen(7, [at(25, { attempt: 2 })], { attempt: 2 }));
  assert.deepEqual(steps(history), [20, 25, 30, 25]);
  assert.equal(history.start, Date.parse('2026-01-01T00:10:00Z'));
  // What was missed is missed in a part as well.
  history.take(seen(9, [at(27, { attempt: 2 })], { attempt: 2 }));
  await browser.passes(1000);
  assert.deepEqual(browser.asked, [part]);
});

test('all is shown again, with what came meanwhile', async () => {
  const { browser, history } = await ready();
  history.zoom(({ step }) => step, 10, 20);
  await browser.answers(ALL + '&fromStep=10&toStep=20', page(10, 15, 20));
  history.take(seen(4, [at(40)]));
  history.unzoom();
  assert.deepEqual([history.range, browser.asked], [undefined, [ALL]]);
  await browser.answers(ALL, page(10, 20, 30));
  assert.deepEqual(steps(history), [10, 20, 30, 40]);
  history.unzoom();
  assert.deepEqual(browser.asked, []);
});

test('a part with fewer than two observations is none', async () => {
  const { browser, history } = await ready();
  history.zoom(({ step }) => step, 15, 25);
  assert.deepEqual([history.range, browser.asked], [undefined, []]);
});

test('the part that was asked for last is shown', async () => {
  const { browser, history } = await ready();
  history.zoom(({ step }) => step, 10, 20);
  history.zoom(({ step }) => step, 20, 30);
  assert.deepEqual(browser.asked, [ALL + '&fromStep=20&toStep=30']);
  await browser.answers(ALL, page(20, 25, 30));
  assert.deepEqual(steps(history), [20, 25, 30]);
});

test('a run that was made anew under its name begins anew', async () => {
  const { browser, history } = await ready();
  history.zoom(({ step }) => step, 10, 20);
  await browser.answers(ALL, page(10, 15, 20));
  const anew = { registeredAt: '2026-01-02T00:00:00Z' };
  history.take(seen(0, [], anew));
  assert.deepEqual([steps(history), history.range, history.state], [[], undefined, 'reading']);
  assert.deepEqual(browser.asked, [ALL]);
  await browser.answers(ALL, page());
  assert.deepEqual([steps(history), history.state], [[], 'ready']);
  history.take(seen(1, [at(2)], anew));
  assert.deepEqual([steps(history), history.start], [[2], Date.parse('2026-01-01T00:02:00Z')]);
  history.take(seen(2, [at(3)], anew));
  assert.equal(history.start, Date.parse('2026-01-01T00:02:00Z'));
  await browser.passes(600_000);
  assert.deepEqual(browser.asked, []);
});

test('a history that cannot be read says so, also if the run went on, and can be read again', async () => {
  const { browser, history, told } = reading(seen(3, [at(30)]));
  history.take(seen(4, [at(40)]));
  await browser.answers(ALL, { detail: 'It is busy.' }, 503);
  assert.equal(history.state, 'failed');
  assert.equal(/** @type {Error} */ (history.failure).message, 'It is busy.');
  // Of what came while it was read, and of the failure.
  assert.equal(told.times, 2);
  await browser.passes(600_000);
  assert.deepEqual(browser.asked, []);
  history.again();
  await browser.answers(ALL, page(10, 20, 30, 40));
  assert.deepEqual([history.state, steps(history)], ['ready', [10, 20, 30, 40]]);
});

test('what was read stays when it cannot be read anew, which is tried again when the run goes on', async () => {
  const { browser, history } = await ready();
  history.take(seen(5, [at(50)]));
  await browser.passes(1000);
  await browser.fails(ALL);
  assert.deepEqual([history.state, steps(history)], ['ready', [10, 20, 30, 50]]);
  await browser.passes(600_000);
  assert.deepEqual(browser.asked, []);
  history.take(seen(6, [at(60)]));
  await browser.passes(1000);
  await browser.answers(ALL, page(10, 20, 30, 40, 50, 60));
  assert.deepEqual([history.state, steps(history)], ['ready', [10, 20, 30, 40, 50, 60]]);
  history.take(seen(7, [at(70)]));
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 3);
});

test('a history that is closed leads to nothing more', async () => {
  const first = reading(seen(3, [at(30)]));
  first.history.close();
  await settled();
  const waits = await ready();
  waits.history.take(seen(5, [at(50)]));
  waits.history.take(seen(7, [at(70)]));
  waits.history.close();
  const again = await ready();
  again.history.take(seen(5, [at(50)]));
  await again.browser.passes(1000);
  again.history.close();
  for (const { browser, told } of [first, waits, again]) {
    const before = [told.times, browser.requests.length];
    await browser.passes(600_000);
    assert.deepEqual([told.times, browser.requests.length], before);
    assert.deepEqual([browser.asked, browser.waiting], [[], 0]);
  }
});
