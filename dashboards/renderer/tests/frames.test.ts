import assert from 'node:assert/strict';
import { test } from 'node:test';
import { annotationsFrom } from '../src/annotations';
import { seriesText, tableFrame, timeSeriesFrames, type Answer } from '../src/frames';
import type { Series } from '../src/prometheus';

const SERIES: readonly Series[] = [
  {
    labels: { __name__: 'score', run: 'a', layer: 'x' },
    samples: [
      [1000, 0.5],
      [2000, 0.6],
    ],
  },
  { labels: { __name__: 'score', run: 'b' }, samples: [[1000, Number.NaN]] },
];

function answer(legendFormat?: string): Answer {
  return { refId: 'A', expression: 'score', legendFormat, stepMs: 1000, series: SERIES };
}

function names(legendFormat?: string): ReadonlyArray<string | undefined> {
  return timeSeriesFrames(answer(legendFormat)).map(({ fields }) => fields[1]?.config.displayNameFromDS);
}

test('a series is written as Prometheus writes it', () => {
  assert.equal(seriesText({ __name__: 'up', job: 'a', app: 'b"c' }), 'up{app="b\\"c", job="a"}');
  assert.equal(seriesText({ __name__: 'up' }), 'up');
});

test('legends name series by their labels, by Grafana or by the series itself', () => {
  assert.deepEqual(names('{{run}} in {{ layer }}'), ['a in x', 'b in ']);
  assert.deepEqual(names('__auto'), [undefined, undefined]);
  assert.deepEqual(names(), ['score{layer="x", run="a"}', 'score{run="b"}']);
});

test('each series is a frame with its labels, whose time knows the step', () => {
  const [frame] = timeSeriesFrames(answer());
  assert.deepEqual(
    frame?.fields.map(({ name, type }) => [name, type]),
    [
      ['Time', 'time'],
      ['Value', 'number'],
    ],
  );
  assert.equal(frame?.fields[0]?.config.interval, 1000);
  assert.deepEqual(frame?.fields[1]?.labels, SERIES[0]?.labels);
});

test('a table has a field a label, and a row a sample', () => {
  const frame = tableFrame(answer(), 1);
  assert.deepEqual(
    frame.fields.map(({ name }) => name),
    ['Time', '__name__', 'layer', 'run', 'Value'],
  );
  assert.deepEqual(
    frame.fields.map(({ values }) => values),
    [
      [1000, 2000, 1000],
      ['score', 'score', 'score'],
      ['x', 'x', ''],
      ['a', 'a', 'b'],
      [0.5, 0.6, Number.NaN],
    ],
  );
});

test('beside other tables the value names its query, and le is a number', () => {
  const buckets: Answer = { ...answer(), series: [{ labels: { le: '+Inf' }, samples: [[1000, 3]] }] };
  assert.deepEqual(
    tableFrame(buckets, 2).fields.map(({ name, type }) => [name, type]),
    [
      ['Time', 'time'],
      ['le', 'number'],
      ['Value #A', 'number'],
    ],
  );
  assert.deepEqual(tableFrame(buckets, 2).fields[1]?.values, [Infinity]);
});

test('samples above zero no further apart than a step are one region', () => {
  const samples: Series['samples'] = [
    [1000, 1],
    [2000, 1],
    [3000, 0],
    [5000, 1],
    [9000, 2],
    [10_000, 1],
  ];
  const moments = { stepMs: 1000, color: 'red', useValueForTime: false };
  assert.deepEqual(annotationsFrom([{ labels: {}, samples }], moments), [
    { from: 1000, to: 2000, color: 'red' },
    { from: 5000, to: 5000, color: 'red' },
    { from: 9000, to: 10_000, color: 'red' },
  ]);
});

test('where the value is the time, the same time again is one moment', () => {
  const moments = { stepMs: 1000, color: 'red', useValueForTime: true };
  const samples: Series['samples'] = [
    [1000, 77_000],
    [2000, 77_000],
    [3000, 99_000],
  ];
  assert.deepEqual(
    annotationsFrom([{ labels: {}, samples }], moments).map(({ from, to }) => [from, to]),
    [
      [77_000, 77_000],
      [99_000, 99_000],
    ],
  );
});
