import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesKey, Watch } from '../../main/ui/watch.js';
import { BEGINNING, Browser, settled, Stream } from './browser.js';
import { observation, run } from './runs.js';

/** @typedef {import('../../main/ui/api.js').Run} Run */

const KINDS = ['status', 'runs', 'read', 'run', 'deleted', 'signedout'];
const RUNS = 'v1/runs?limit=1000';
const LIVE = 'v1/runs?limit=1000&state=live';
const TRENDS = 'v1/trends?limit=200&points=40';

/** The page's watch in a browser of its own, not opened yet. */
function watching() {
  const browser = new Browser();
  const watch = new Watch();
  /** What the watch has said: kinds of events, and of a status which. @type {string[]} */
  const said = [];
  for (const kind of KINDS) {
    watch.addEventListener(kind, () => said.push(kind === 'status' ? watch.status.kind : kind));
  }
  return { browser, watch, said };
}

/** One that has read these runs, and no trends. @param {Run[]} runs */
async function live(...runs) {
  const all = watching();
  all.watch.open();
  await all.browser.stream.opens();
  await all.browser.answers(RUNS, page(runs));
  await all.browser.answers(TRENDS, { trends: [], next: null });
  return all;
}

/**
 * @param {Run[]} runs
 * @param {string | null} [next]
 */
const page = (runs, next = null) => ({ runs, next });

/**
 * Many runs.
 *
 * @param {number} first
 * @param {number} end after the last
 * @param {Partial<Run>} [said]
 */
const many = (first, end, said = { state: 'completed' }) =>
  Array.from({ length: end - first }, (_, i) => run({ ...said, name: `r${String(first + i).padStart(6, '0')}` }));

/** @param {Watch} watch */
const names = (watch) => [...watch.runs.keys()];

/**
 * The trend of a run's only series.
 *
 * @param {Watch} watch
 * @param {string} name
 */
function trend(watch, name) {
  const [first] = watch.trends.get(name)?.values() ?? [];
  return first && { attempt: first.attempt, steps: first.steps, scores: first.scores };
}

/**
 * A run that has observed something.
 *
 * @param {number} step
 * @param {number} score
 * @param {Partial<Run>} [said]
 */
const scored = (step, score, said = {}) =>
  run({ latest: [observation({ step, score, attempt: said.attempt ?? 1 })], ...said });

/** @param {Partial<import('../../main/ui/api.js').SeriesTrend>} said */
const series = (said) => ({
  layer: 'encoder',
  reference: 'cnn-v1@0123456789ab',
  attempt: 1,
  steps: [],
  scores: [],
  ...said,
});

test('the stream comes first and the list after it', async () => {
  const { browser, watch, said } = watching();
  assert.deepEqual([browser.connections, browser.asked], [0, []]);
  watch.open();
  await settled();
  assert.deepEqual([browser.connections, browser.stream.address, browser.asked], [1, 'v1/events', []]);
  await browser.stream.opens();
  assert.deepEqual(browser.asked, [RUNS]);
  await browser.answers(RUNS, page([run({ name: 'a' }), run({ name: 'b' })]));
  assert.deepEqual(names(watch), ['a', 'b']);
  assert.deepEqual([watch.isComplete, watch.isCut, watch.status.kind], [true, false, 'live']);
  assert.deepEqual(browser.asked, [TRENDS]);
  await browser.answers(TRENDS, { trends: [], next: null });
  assert.deepEqual(browser.asked, []);
  // Runs are told of with the page, with the end of the list, and with the trends.
  assert.deepEqual(said, ['reading', 'runs', 'runs', 'read', 'live', 'runs']);
});

test('what happens while the list is read is not lost', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.stream.says('run', run({ name: 'b', attempt: 2 }));
  await browser.stream.says('run', run({ name: 'new' }));
  await browser.stream.says('deleted', { name: 'c' });
  await browser.stream.says('run', run({ name: 'gone' }));
  await browser.stream.says('deleted', { name: 'gone' });
  await browser.answers(
    RUNS,
    page([run({ name: 'a' }), run({ name: 'b' }), run({ name: 'c' }), run({ name: 'gone' })]),
  );
  assert.deepEqual(names(watch).sort(), ['a', 'b', 'new']);
  assert.equal(watch.runs.get('b')?.attempt, 2);
});

test('what happens while the first list is read stays between its pages too', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.stream.says('run', run({ name: 'z', attempt: 2 }));
  await browser.stream.says('deleted', { name: 'b' });
  await browser.answers(RUNS, page([run({ name: 'a' }), run({ name: 'b' })], 'more'));
  assert.deepEqual([names(watch), watch.isComplete], [['a', 'z'], false]);
});

test('while a list is read anew, what is known stays, and changes', async () => {
  const { browser, watch } = await live(run({ name: 'a' }), run({ name: 'b' }), run({ name: 'c' }));
  await browser.stream.says('reset');
  await browser.answers(RUNS, page([run({ name: 'a' })], 'more'));
  await browser.stream.says('deleted', { name: 'c' });
  assert.deepEqual(names(watch), ['a', 'b']);
  await browser.answers(LIVE, page([]));
  await browser.answers(RUNS + '&cursor=more', page([run({ name: 'c' }), run({ name: 'd' })]));
  assert.deepEqual(names(watch), ['a', 'd']);
});

test('events change runs, and are told of with what they are about', async () => {
  const { browser, watch, said } = await live(run({ name: 'a' }));
  said.length = 0;
  /** @type {unknown[]} */
  const details = [];
  for (const kind of ['run', 'deleted', 'sketch']) {
    watch.addEventListener(kind, (event) => details.push(/** @type {CustomEvent} */ (event).detail));
  }
  await browser.stream.says('run', run({ name: 'b' }));
  await browser.stream.says('deleted', { name: 'a' });
  const sketched = { run: 'b', layer: 'encoder', probes: 'digits', step: 3 };
  await browser.stream.says('sketch', sketched);
  assert.deepEqual(names(watch), ['b']);
  assert.deepEqual(said, ['runs', 'run', 'runs', 'deleted']);
  assert.deepEqual(details, [run({ name: 'b' }), 'a', sketched]);
  assert.deepEqual(browser.asked, []);
});

test('a stream that breaks while the list is read reads it again when it is back', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.stream.breaks();
  assert.deepEqual([watch.status.kind, browser.asked], ['lost', []]);
  await browser.stream.opens();
  assert.deepEqual([watch.status.kind, browser.asked], ['reading', [RUNS]]);
  await browser.answers(RUNS, page([run({ name: 'a' })]));
  assert.deepEqual([names(watch), watch.status.kind, watch.isComplete], [['a'], 'live', true]);
  assert.equal(browser.streams.length, 1);
});

test('a stream that goes on after its last event reads nothing anew', async () => {
  const { browser, watch } = await live(run({ name: 'a' }));
  await browser.stream.breaks();
  assert.equal(watch.status.kind, 'lost');
  await browser.passes(3000);
  await browser.stream.opens();
  await browser.stream.says('run', run({ name: 'b' }));
  assert.deepEqual([watch.status.kind, names(watch), browser.asked], ['live', ['a', 'b'], []]);
  assert.equal(browser.streams.length, 1);
});

test('a reset reads anew, and leaves the reading that was under way', async () => {
  const { browser, watch } = await live(run({ name: 'a' }), run({ name: 'b' }));
  await browser.stream.says('reset');
  await browser.stream.says('reset');
  assert.deepEqual([browser.asked, watch.status.kind], [[RUNS], 'reading']);
  // Runs and trends at first, and runs for each reset.
  assert.equal(browser.requests.length, 4);
  assert.deepEqual(names(watch), ['a', 'b']);
  await browser.answers(RUNS, page([run({ name: 'b' })]));
  assert.deepEqual([names(watch), watch.status.kind, browser.asked], [['b'], 'live', [TRENDS]]);
});

test('a stream that breaks during a reset reads anew when it is back', async () => {
  const { browser } = await live(run({ name: 'a' }));
  await browser.stream.says('reset');
  await browser.stream.breaks();
  await browser.stream.opens();
  assert.deepEqual(browser.asked, [RUNS]);
});

test('a stream that the browser leaves is tried again, ever more seldom, and soon again after a success', async () => {
  const { browser, watch } = await live();
  await browser.stream.ends();
  assert.deepEqual([watch.status.kind, browser.connections], ['lost', 0]);
  for (const wait of [1000, 2000, 4000, 8000, 15_000, 15_000]) {
    await browser.passes(wait - 1);
    assert.deepEqual(browser.asked, [], `before ${wait}`);
    await browser.passes(1);
    assert.deepEqual(browser.asked, ['v1/session'], `after ${wait}`);
    await browser.fails('v1/session');
    assert.equal(watch.status.kind, 'lost');
  }
  await browser.passes(15_000);
  await browser.answers('v1/session');
  assert.deepEqual(browser.asked, ['v1/events']);
  await browser.answers('v1/events');
  assert.equal(browser.connections, 1);
  await browser.stream.opens();
  await browser.answers(RUNS, page([]));
  assert.equal(watch.status.kind, 'live');
  await browser.stream.ends();
  await browser.passes(1000);
  assert.ok(browser.asked.includes('v1/session'));
});

test('the wait grows until runs are read, not only a stream opened', async () => {
  const { browser } = await live();
  await browser.stream.ends();
  await browser.passes(1000);
  await browser.answers('v1/session');
  await browser.answers('v1/events');
  await browser.stream.opens();
  await browser.stream.ends();
  await browser.passes(1999);
  assert.deepEqual(browser.asked, []);
  await browser.passes(1);
  assert.deepEqual(browser.asked, ['v1/session']);
});

test('what the collector says that is wrong is told, and since when', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.answers(RUNS, { title: 'Busy', detail: 'It is busy.' }, 503);
  const { kind, detail, since } = watch.status;
  assert.deepEqual([kind, detail, browser.connections, watch.isComplete], ['failed', 'It is busy.', 0, false]);
  await browser.passes(1000);
  await browser.answers('v1/session');
  await browser.answers('v1/events', { title: 'Too many readers' }, 503);
  assert.deepEqual([watch.status.kind, watch.status.detail], ['failed', 'Too many readers']);
  assert.equal(watch.status.since, since);
});

test('who is not signed in any more hears it once, and nothing is asked after that', async () => {
  for (const where of ['list', 'session', 'events']) {
    const { browser, said, watch } = watching();
    watch.open();
    await browser.stream.opens();
    if (where === 'list') {
      await browser.answers(RUNS, {}, 401);
    } else {
      await browser.answers(RUNS, page([]));
      await browser.answers(TRENDS, { trends: [], next: null });
      await browser.stream.ends();
      await browser.passes(1000);
      if (where === 'events') {
        await browser.answers('v1/session');
      }
      await browser.answers('v1/' + where, {}, 401);
    }
    assert.equal(said[said.length - 1], 'signedout', where);
    const before = [said.length, browser.requests.length, browser.streams.length];
    await browser.passes(300_000);
    browser.happens('online');
    browser.becomes('hidden');
    await browser.passes(300_000);
    browser.becomes('visible');
    await browser.passes(300_000);
    assert.deepEqual([said.length, browser.requests.length, browser.streams.length], before, where);
    assert.deepEqual([browser.connections, browser.asked], [0, []], where);
  }
});

test('a stream that says nothing for 40 s is opened anew, and the list is read', async () => {
  const { browser, watch } = await live(run({ name: 'a' }));
  const [before] = browser.streams;
  await browser.passes(39_999);
  assert.equal(browser.streams.length, 1);
  await browser.passes(1);
  assert.deepEqual([browser.streams.length, browser.connections, watch.status.kind], [2, 1, 'lost']);
  assert.equal(before?.readyState, Stream.CLOSED);
  await browser.stream.opens();
  assert.deepEqual(browser.asked, [RUNS]);
});

test('a stream that never opens is opened anew', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.passes(40_000);
  assert.deepEqual([browser.streams.length, browser.connections], [2, 1]);
});

test('beats, runs and deletions keep a stream open', async () => {
  const { browser, watch } = await live(run({ name: 'a' }));
  for (const [kind, data] of /** @type {const} */ ([
    ['beat', { time: '2026-01-01T00:00:00Z' }],
    ['run', run({ name: 'b' })],
    ['deleted', { name: 'b' }],
  ])) {
    await browser.passes(39_999);
    await browser.stream.says(kind, data);
  }
  await browser.passes(39_999);
  assert.deepEqual([browser.streams.length, watch.status.kind], [1, 'live']);
  await browser.passes(1);
  assert.equal(browser.streams.length, 2);
});

test('beats tell the time of the collector', async () => {
  const { browser, watch } = await live();
  assert.equal(watch.now(), BEGINNING);
  // The clock here is 90 s behind.
  await browser.stream.says('beat', { time: '2026-01-01T00:01:30Z' });
  assert.equal(watch.now(), BEGINNING + 90_000);
  await browser.passes(5000);
  assert.equal(watch.now(), BEGINNING + 95_000);
});

test('a page that nobody looks at for a minute gives its connection back, and takes one when it is looked at', async () => {
  const { browser, watch } = await live(run({ name: 'a' }));
  browser.becomes('hidden');
  for (let seconds = 0; seconds < 45; seconds += 15) {
    await browser.passes(15_000);
    await browser.stream.says('beat', { time: '2026-01-01T00:00:00Z' });
  }
  await browser.passes(14_999);
  assert.equal(browser.connections, 1);
  await browser.passes(1);
  assert.equal(browser.connections, 0);
  await browser.passes(600_000);
  browser.happens('online');
  await browser.passes(600_000);
  assert.deepEqual([browser.streams.length, browser.asked], [1, []]);
  browser.becomes('visible');
  assert.deepEqual([browser.streams.length, browser.connections], [2, 1]);
  await browser.stream.opens();
  await browser.answers(RUNS, page([run({ name: 'b' })]));
  assert.deepEqual([names(watch), watch.status.kind], [['b'], 'live']);
});

test('a page that is looked at again within a minute goes on', async () => {
  const { browser } = await live();
  browser.becomes('hidden');
  await browser.passes(30_000);
  browser.becomes('visible');
  await browser.passes(9_000);
  await browser.stream.says('beat', { time: '2026-01-01T00:00:00Z' });
  await browser.passes(39_000);
  assert.deepEqual([browser.streams.length, browser.connections], [1, 1]);
});

test('a page that is opened where nobody looks reads, and gives the connection back, also before it has all', async () => {
  const { browser, watch } = watching();
  browser.becomes('hidden');
  watch.open();
  await browser.stream.opens();
  await browser.passes(30_000);
  await browser.stream.says('beat', { time: '2026-01-01T00:00:00Z' });
  await browser.passes(30_000);
  assert.deepEqual([browser.connections, browser.asked, watch.isComplete], [0, [], false]);
  browser.becomes('visible');
  await browser.stream.opens();
  await browser.answers(RUNS, page([run({ name: 'a' })]));
  assert.deepEqual([names(watch), watch.isComplete, watch.status.kind], [['a'], true, 'live']);
});

test('a page that nobody looks at does not take a connection by trying again', async () => {
  const { browser } = await live();
  await browser.stream.ends();
  browser.becomes('hidden');
  await browser.passes(1000);
  await browser.answers('v1/session');
  await browser.passes(59_000);
  await browser.answers('v1/events');
  await browser.passes(600_000);
  assert.deepEqual([browser.connections, browser.streams.length], [0, 1]);
  browser.becomes('visible');
  assert.equal(browser.connections, 1);
});

test('who comes back while it waits to try again does not wait', async () => {
  const { browser } = await live();
  await browser.stream.ends();
  browser.becomes('hidden');
  browser.becomes('visible');
  assert.deepEqual([browser.connections, browser.streams.length], [1, 2]);
  await browser.passes(39_000);
  assert.deepEqual([browser.streams.length, browser.asked], [2, []]);
});

test('a network that is back opens a stream at once', async () => {
  const { browser } = await live();
  await browser.stream.ends();
  browser.happens('online');
  assert.deepEqual([browser.connections, browser.streams.length], [1, 2]);
});

/** Where a watch can be when it is closed. @type {Record<string, (browser: Browser) => Promise<void>>} */
const PLACES = {
  connecting: async () => {},
  reading: (browser) => browser.stream.opens(),
  'reading those that live': async (browser) => {
    await PLACES['reading']?.(browser);
    await browser.answers(RUNS, page(many(0, 1000), 'more'));
  },
  'reading the rest': async (browser) => {
    await PLACES['reading those that live']?.(browser);
    await browser.answers(LIVE, page([]));
  },
  'reading trends': async (browser) => {
    await PLACES['reading']?.(browser);
    await browser.answers(RUNS, page([]));
  },
  live: async (browser) => {
    await PLACES['reading trends']?.(browser);
    await browser.answers(TRENDS, { trends: [], next: null });
  },
  broken: async (browser) => {
    await PLACES['live']?.(browser);
    await browser.stream.breaks();
  },
  'waiting to try again': async (browser) => {
    await PLACES['live']?.(browser);
    await browser.stream.ends();
  },
  'asking who is signed in': async (browser) => {
    await PLACES['waiting to try again']?.(browser);
    await browser.passes(1000);
  },
  'asking for a stream': async (browser) => {
    await PLACES['asking who is signed in']?.(browser);
    await browser.answers('v1/session');
  },
  hidden: async (browser) => {
    await PLACES['live']?.(browser);
    browser.becomes('hidden');
  },
  'long hidden': async (browser) => {
    await PLACES['hidden']?.(browser);
    await browser.passes(70_000);
  },
};

for (const [place, goes] of Object.entries(PLACES)) {
  test(`a watch that is closed while it is ${place} asks nothing more`, async () => {
    const { browser, watch, said } = watching();
    watch.open();
    await goes(browser);
    watch.close();
    const before = [said.length, browser.requests.length, browser.streams.length];
    assert.deepEqual([browser.connections, browser.waiting], [0, 0]);
    await browser.passes(100_000);
    browser.happens('online');
    // What is asked for by then may still be answered, well or not.
    for (const where of browser.asked) {
      await browser.answers(where, {}, place === 'asking for a stream' ? 503 : 200);
    }
    browser.becomes('hidden');
    await browser.passes(100_000);
    browser.becomes('visible');
    await browser.passes(100_000);
    assert.deepEqual([said.length, browser.requests.length, browser.streams.length], before);
    assert.deepEqual([browser.connections, browser.waiting, browser.asked], [0, 0, []]);
  });
}

test('a watch that is closed by whom it tells something asks nothing more', async () => {
  for (const kind of ['reading', 'runs', 'read', 'live', 'run', 'deleted', 'lost', 'failed']) {
    const { browser, watch } = watching();
    let before = -1;
    const close = () => {
      watch.close();
      before = before < 0 ? browser.requests.length : before;
    };
    watch.addEventListener('status', () => watch.status.kind === kind && close());
    watch.addEventListener(kind, close);
    watch.open();
    await browser.stream.opens();
    for (const act of [
      () => (browser.asked.includes(RUNS) ? browser.answers(RUNS, page([])) : undefined),
      () => browser.stream.says('run', run()),
      () => browser.stream.says('deleted', { name: 'a' }),
      () => browser.stream.says('reset'),
      () => (browser.asked.includes(RUNS) ? browser.answers(RUNS, {}, 503) : undefined),
      () => browser.passes(1000),
      () => (browser.asked.includes('v1/session') ? browser.fails('v1/session') : undefined),
      () => browser.passes(100_000),
    ]) {
      await act();
    }
    assert.ok(before >= 0, kind);
    // The trends are asked for with the end of the list.
    assert.deepEqual([browser.requests.length, browser.asked, browser.connections], [before, [], 0], kind);
  }
});

test('a watch can be opened again', async () => {
  const { browser, watch } = await live(run({ name: 'a' }));
  watch.close();
  watch.open();
  assert.equal(browser.connections, 1);
  await browser.stream.opens();
  await browser.answers(RUNS, page([run({ name: 'b' })]));
  assert.deepEqual([names(watch), watch.status.kind], [['b'], 'live']);
});

test('those that live do not wait for all others', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.answers(RUNS, page(many(0, 1000), 'r000999'));
  assert.deepEqual(browser.asked, [LIVE]);
  assert.deepEqual([watch.runs.size, watch.isComplete], [1000, false]);
  await browser.answers(LIVE, page(many(2500, 2600, { state: 'live' })));
  assert.deepEqual([watch.runs.size, watch.isComplete, watch.runs.get('r002599')?.state], [1100, false, 'live']);
  assert.deepEqual(browser.asked, [RUNS + '&cursor=r000999']);
  await browser.answers(RUNS, page(many(1000, 2000), 'r001999'));
  await browser.answers(RUNS, page([...many(2000, 2500), ...many(2500, 2600, { state: 'live' })]));
  assert.deepEqual([watch.runs.size, watch.isComplete, watch.isCut], [2600, true, false]);
  assert.deepEqual(browser.asked, [TRENDS]);
});

test('those that live are not asked for where all come at once', async () => {
  const { browser } = await live(...many(0, 1000));
  assert.ok(!browser.requests.some(({ where }) => where === LIVE));
});

/**
 * Answers about all runs of a collector.
 *
 * @param {Browser} browser
 * @param {Run[]} runs
 */
async function answerAll(browser, runs) {
  for (let where; (where = browser.asked.find((one) => one.startsWith('v1/runs'))); ) {
    const query = new URLSearchParams(where.split('?')[1]);
    const state = query.get('state');
    const found = runs.filter((one) => !state || one.state === state);
    const end = Number(query.get('cursor') ?? 0) + 1000;
    await browser.answers(where, page(found.slice(end - 1000, end), end < found.length ? String(end) : null));
  }
}

test('no more than 10,000 runs are held, and it is said only if there are more', async () => {
  // Some live beyond the first 10,000; or all do; or those that live are more than are held.
  // Pages are those of all, and those of what lives; the last of them tells that there are more.
  for (const { runs, held, isCut, pages } of [
    { runs: many(0, 10_000), held: 10_000, isCut: false, pages: 10 + 1 },
    { runs: many(0, 10_001), held: 10_000, isCut: true, pages: 11 + 1 },
    { runs: many(0, 10_000, { state: 'live' }), held: 10_000, isCut: false, pages: 10 + 10 },
    { runs: [...many(0, 9_990), ...many(9_990, 10_010, { state: 'live' })], held: 10_010, isCut: false, pages: 11 + 1 },
    {
      runs: [...many(0, 11_000), ...many(11_000, 11_010, { state: 'live' })],
      held: 10_010,
      isCut: true,
      pages: 11 + 1,
    },
    { runs: many(0, 30_000, { state: 'live' }), held: 10_000, isCut: true, pages: 1 + 11 },
  ]) {
    const { browser, watch } = watching();
    watch.open();
    await browser.stream.opens();
    await answerAll(browser, runs);
    assert.deepEqual([watch.runs.size, watch.isCut, watch.isComplete], [held, isCut, true], `of ${runs.length}`);
    assert.deepEqual([browser.requests.length - 1, watch.status.kind], [pages, 'live'], `of ${runs.length}`);
    const living = runs.filter(({ state }) => state === 'live').slice(0, 10_000);
    assert.ok(living.every(({ name }) => watch.runs.has(name)));
    // Trends of those that are not held are of no use.
    assert.deepEqual(browser.asked, [isCut ? TRENDS + '&state=live' : TRENDS]);
  }
});

test('trends come page by page, and only of runs that are known', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.answers(RUNS, page([run({ name: 'a' }), scored(30, 0.3, { name: 'b' })]));
  await browser.answers(TRENDS, {
    trends: [{ run: 'a', series: [series({ steps: [1], scores: [null] })] }],
    next: 'a',
  });
  assert.deepEqual(trend(watch, 'a'), { attempt: 1, steps: [1], scores: [null] });
  await browser.answers(TRENDS + '&cursor=a', {
    trends: [
      { run: 'b', series: [series({ steps: [10, 20], scores: [0.1, 0.2] })] },
      { run: 'unknown', series: [series({ steps: [1], scores: [1] })] },
    ],
    next: null,
  });
  // The run was read to step 30 before its trend was.
  assert.deepEqual(trend(watch, 'b'), { attempt: 1, steps: [10, 20, 30], scores: [0.1, 0.2, 0.3] });
  assert.deepEqual([...watch.trends.keys()], ['a', 'b']);
});

test('trends that cannot be read are done without', async (context) => {
  const info = context.mock.method(console, 'info', () => {});
  const { browser, watch, said } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.answers(RUNS, page([run({ name: 'a' })]));
  said.length = 0;
  await browser.answers(TRENDS, {}, 503);
  await browser.passes(30_000);
  assert.deepEqual([said, watch.status.kind, browser.asked], [[], 'live', []]);
  assert.equal(info.mock.calls.length, 1);
  await browser.stream.says('run', scored(10, 0.1));
  assert.deepEqual(trend(watch, 'a'), { attempt: 1, steps: [10], scores: [0.1] });
});

test('trends that were not read when the stream broke are read when it is back, and the list is not', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.answers(RUNS, page([run({ name: 'a' })]));
  await browser.stream.breaks();
  assert.deepEqual(browser.asked, []);
  await browser.stream.opens();
  assert.deepEqual([browser.asked, watch.status.kind], [[TRENDS], 'live']);
  await browser.answers(TRENDS, { trends: [{ run: 'a', series: [series({ steps: [1], scores: [1] })] }], next: null });
  assert.deepEqual(trend(watch, 'a'), { attempt: 1, steps: [1], scores: [1] });
  await browser.stream.breaks();
  await browser.stream.opens();
  assert.deepEqual(browser.asked, []);
});

test('trends grow by events, of each series for itself, and begin anew with an attempt', async () => {
  const { browser, watch } = await live();
  await browser.stream.says('run', scored(10, 0.1));
  await browser.stream.says('run', scored(20, 0.2));
  // Something else has changed.
  await browser.stream.says('run', scored(20, 0.2, { state: 'lost' }));
  assert.deepEqual(trend(watch, 'a'), { attempt: 1, steps: [10, 20], scores: [0.1, 0.2] });
  const head = observation({ step: 15, layer: 'head' });
  await browser.stream.says('run', run({ latest: [observation({ step: 20, score: 0.2 }), head] }));
  assert.deepEqual(trend(watch, 'a')?.steps, [10, 20]);
  assert.deepEqual(watch.trends.get('a')?.get(seriesKey(head)), {
    ...series({ layer: 'head', steps: [15] }),
    scores: [null],
  });
  await browser.stream.says('run', scored(5, 0.05, { attempt: 2 }));
  await browser.stream.says('run', scored(15, 0.15, { attempt: 2 }));
  assert.deepEqual(trend(watch, 'a'), { attempt: 2, steps: [5, 15], scores: [0.05, 0.15] });
});

test('a trend that was read is not cut by what was known before it', async () => {
  const { browser, watch } = watching();
  watch.open();
  await browser.stream.opens();
  await browser.answers(RUNS, page([scored(90, 0.9)]));
  await browser.answers(TRENDS, {
    trends: [{ run: 'a', series: [series({ attempt: 2, steps: [1, 2], scores: [0.1, 0.2] })] }],
    next: null,
  });
  await browser.stream.says('run', scored(3, 0.3, { attempt: 2 }));
  assert.deepEqual(trend(watch, 'a'), { attempt: 2, steps: [1, 2, 3], scores: [0.1, 0.2, 0.3] });
});

test('a run that is gone, or made anew, leaves its trend', async () => {
  const anew = { registeredAt: '2026-01-02T00:00:00Z' };
  const { browser, watch } = await live();
  await browser.stream.says('run', scored(10, 0.1));
  await browser.stream.says('deleted', { name: 'a' });
  assert.equal(watch.trends.size, 0);
  await browser.stream.says('run', scored(20, 0.2));
  // The deletion before it was left out.
  await browser.stream.says('run', scored(5, 0.5, anew));
  assert.deepEqual(trend(watch, 'a'), { attempt: 1, steps: [5], scores: [0.5] });
  await browser.stream.says('run', scored(5, 0.5, { name: 'b' }));
  await browser.stream.says('run', scored(5, 0.5, { name: 'c' }));
  await browser.stream.says('reset');
  await browser.answers(RUNS, page([scored(5, 0.5, anew), scored(1, 0.1, { name: 'b', ...anew })]));
  assert.deepEqual([...watch.trends.keys()], ['a']);
});
