import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address } from '../../main/ui/api.js';
import { change, follow, here, link, parseRoute } from '../../main/ui/route.js';
import { Browser } from './browser.js';

test('a link leads to what it was made of', () => {
  const { path, query } = parseRoute(link(['runs', 'a/b?c#d %'], { series: 'x y@1', run: ['p', 'q'] }));
  assert.deepEqual(path, ['runs', 'a/b?c#d %']);
  assert.equal(query.get('series'), 'x y@1');
  assert.deepEqual(query.getAll('run'), ['p', 'q']);
});

test('what is empty is left out', () => {
  assert.equal(link([], { q: '', state: [], sort: undefined }), '#/');
});

test('any fragment leads somewhere', () => {
  for (const fragment of ['', '#', '#/', '/', '#//', '#/?', '#?']) {
    assert.deepEqual(parseRoute(fragment).path, [], fragment);
  }
  assert.deepEqual(parseRoute('#/runs/%E0%A4%A').path, ['runs', '%E0%A4%A']);
});

test('an address of the collector is relative and has all its parameters', () => {
  assert.equal(
    address(['runs', 'a/b', 'observations'], { layer: 'x&y', points: 5, fromStep: undefined, state: ['a', 'b'] }),
    'v1/runs/a%2Fb/observations?layer=x%26y&points=5&state=a&state=b',
  );
});

/** The page follows its address, as it does from its first moment on. */
function following() {
  const browser = new Browser();
  const told = { times: 0 };
  follow(() => told.times++);
  return { browser, told };
}

const query = () => here().query.toString();

test('changes are there at once, and in the address when no more come', async () => {
  const { browser, told } = following();
  browser.location.hash = '#/runs/a%2Fb?axis=time&q=old&state=live&state=lost';
  change({ q: 'n' });
  await browser.passes(399);
  change({ q: 'new', axis: undefined });
  change({ sort: 'name' });
  assert.deepEqual(here().path, ['runs', 'a/b']);
  assert.equal(query(), 'q=new&state=live&state=lost&sort=name');
  assert.equal(told.times, 3);
  await browser.passes(399);
  assert.deepEqual(browser.replaced, []);
  await browser.passes(1);
  assert.deepEqual(browser.replaced, ['#/runs/a%2Fb?q=new&state=live&state=lost&sort=name']);
  await browser.passes(10_000);
  assert.equal(browser.replaced.length, 1);
  assert.equal(query(), 'q=new&state=live&state=lost&sort=name');
});

test('who clicks or leaves finds the address settled', async () => {
  for (const kind of ['click', 'pagehide']) {
    const { browser } = following();
    change({ q: kind });
    browser.happens(kind);
    assert.deepEqual(browser.replaced, ['#/?q=' + kind]);
    // A click alone changes nothing.
    browser.happens(kind);
    await browser.passes(10_000);
    assert.equal(browser.replaced.length, 1);
  }
});

test('who goes elsewhere takes nothing along', async () => {
  const { browser, told } = following();
  change({ q: 'a' });
  browser.goes('#/compare?run=x');
  assert.deepEqual([here().path, query(), told.times], [['compare'], 'run=x', 2]);
  await browser.passes(10_000);
  assert.deepEqual(browser.replaced, []);
  change({ axis: 'time' });
  await browser.passes(400);
  assert.deepEqual(browser.replaced, ['#/compare?run=x&axis=time']);
});
