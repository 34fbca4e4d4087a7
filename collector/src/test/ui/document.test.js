import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveDocument } from '../../main/ui/document.js';
import { Browser } from './browser.js';

const WHERE = 'v1/comparisons?runs=a%2Cb';

/** @param {string} [before] */
function reading(before) {
  const browser = new Browser();
  const told = { times: 0 };
  /** @type {LiveDocument<unknown>} */
  const document = new LiveDocument(['comparisons'], { runs: 'a,b' }, () => told.times++, before);
  return { browser, document, told };
}

/** A document that was read, which took so long. @param {number} took in milliseconds */
async function read(took) {
  const all = reading();
  await all.browser.passes(took);
  await all.browser.answers(WHERE, 'first');
  return all;
}

test('a document is read once, and its reader is told', async () => {
  const { browser, document, told } = reading();
  assert.deepEqual([browser.asked, document.isReading, document.value], [[WHERE], true, undefined]);
  await browser.answers(WHERE, 'first');
  assert.deepEqual([document.isReading, document.value, told.times], [false, 'first', 1]);
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 1);
});

test('until it is read it is what it was before', async () => {
  const { browser, document } = reading('before');
  assert.equal(document.value, 'before');
  await browser.answers(WHERE, 'first');
  assert.equal(document.value, 'first');
});

test('changes that come together are read once, after a second', async () => {
  const { browser, document } = await read(5);
  document.expire();
  document.expire();
  await browser.passes(999);
  assert.deepEqual(browser.asked, []);
  await browser.passes(1);
  assert.deepEqual(browser.asked, [WHERE]);
  await browser.answers(WHERE, 'second');
  assert.equal(document.value, 'second');
  await browser.passes(600_000);
  assert.equal(browser.requests.length, 2);
});

test('what takes long is read the more seldom', async () => {
  const { browser, document } = await read(700);
  document.expire();
  await browser.passes(6999);
  assert.deepEqual(browser.asked, []);
  await browser.passes(1);
  assert.deepEqual(browser.asked, [WHERE]);
});

test('a change while it is read has it read again', async () => {
  const { browser, document } = reading();
  document.expire();
  await browser.passes(5000);
  assert.equal(browser.requests.length, 1);
  await browser.answers(WHERE, 'first');
  await browser.passes(50_000);
  assert.deepEqual(browser.asked, [WHERE]);
});

test('a failure leaves what was read before, and ends with the next success', async () => {
  const { browser, document, told } = await read(5);
  document.expire();
  await browser.passes(1000);
  await browser.answers(WHERE, { detail: 'full' }, 429);
  assert.equal(document.value, 'first');
  assert.equal(/** @type {Error} */ (document.failure).message, 'full');
  assert.equal(told.times, 2);
  await browser.passes(10_000);
  await browser.answers(WHERE, 'third');
  assert.deepEqual([document.value, document.failure], ['third', undefined]);
});

test('what was too much at once is tried again, and what is wrong is not', async () => {
  const { browser, document } = await read(5);
  document.expire();
  await browser.passes(1000);
  await browser.answers(WHERE, { detail: 'full' }, 429);
  await browser.passes(9999);
  assert.deepEqual(browser.asked, []);
  await browser.passes(1);
  await browser.answers(WHERE, { detail: 'wrong' }, 422);
  await browser.passes(600_000);
  assert.deepEqual(browser.asked, []);
  assert.equal(document.value, 'first');
});

test('one that is closed is read no more, and says nothing', async () => {
  const { browser, document, told } = reading();
  document.close();
  await browser.passes(1000);
  assert.deepEqual([browser.asked, told.times], [[], 0]);
  const later = await read(5);
  later.document.expire();
  later.document.close();
  await later.browser.passes(60_000);
  assert.equal(later.browser.requests.length, 1);
});
