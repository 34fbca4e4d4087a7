import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDashboard, type Section } from '../src/dashboard';
import type { Values } from '../src/interpolation';
import { layOut, type Placed } from '../src/layout';

const VALUES: Values = {
  layer: { value: ['a', 'b', 'c'], text: ['a', 'b', 'c'], inExpression: 'alternation', all: true },
};

/** Columns of 32 px and 8 px between them. */
const WIDTH = 24 * 32 + 23 * 8;

function sections(...panels: readonly unknown[]): readonly Section[] {
  return parseDashboard(JSON.stringify({ panels }), 'a test').sections;
}

function panel(id: number, x: number, y: number, w: number, h: number, more: object = {}): object {
  return { id, type: 'text', gridPos: { x, y, w, h }, ...more };
}

function boxes(placed: readonly Placed[]): ReadonlyArray<readonly [string, number, number, number, number]> {
  return placed.map(({ key, box }) => [key, box.left, box.top, box.width, box.height]);
}

test('cells are 30 px high and 8 px apart', () => {
  const { placed, height } = layOut(sections(panel(1, 0, 0, 12, 2), panel(2, 12, 0, 12, 4)), VALUES, WIDTH);
  assert.deepEqual(boxes(placed), [
    ['1', 0, 0, 472, 68],
    ['2', 480, 0, 472, 144],
  ]);
  assert.equal(height, 144);
});

test('panels rise to what stands above them', () => {
  const { placed } = layOut(
    sections(panel(1, 0, 0, 12, 2), panel(2, 0, 9, 12, 2), panel(3, 12, 9, 12, 2)),
    VALUES,
    WIDTH,
  );
  assert.deepEqual(
    placed.map(({ box }) => box.top),
    [0, 76, 0],
  );
});

test('repetitions beside each other share the width, in as many lines as they need, and move what is below', () => {
  const repeated = panel(1, 0, 0, 6, 2, { repeat: 'layer', repeatDirection: 'h', maxPerRow: 2 });
  const { placed } = layOut(sections(repeated, panel(2, 0, 2, 24, 1)), VALUES, WIDTH);
  assert.deepEqual(boxes(placed), [
    ['1/a', 0, 0, 472, 68],
    ['1/b', 480, 0, 472, 68],
    ['1/c', 0, 76, 472, 68],
    ['2', 0, 152, 952, 30],
  ]);
});

test('repetitions below each other keep the width, and each sees its own value', () => {
  const { placed } = layOut(sections(panel(1, 12, 0, 6, 1, { repeat: 'layer', repeatDirection: 'v' })), VALUES, WIDTH);
  assert.deepEqual(boxes(placed), [
    ['1/a', 480, 0, 232, 30],
    ['1/b', 480, 38, 232, 30],
    ['1/c', 480, 76, 232, 30],
  ]);
  assert.deepEqual(
    placed.map(({ values }) => values['layer']?.value),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(
    placed.map(({ values }) => values['layer']?.all),
    [undefined, undefined, undefined],
  );
});

test('a repeated row repeats its panels', () => {
  const row = {
    id: 9,
    type: 'row',
    title: 'Row $layer',
    repeat: 'layer',
    gridPos: { x: 0, y: 0, w: 24, h: 1 },
    panels: [],
  };
  const { placed } = layOut(sections(row, panel(1, 0, 1, 24, 1)), VALUES, WIDTH);
  assert.deepEqual(
    placed.map(({ kind, box }) => [kind, box.top]),
    [
      ['row', 0],
      ['panel', 38],
      ['row', 76],
      ['panel', 114],
      ['row', 152],
      ['panel', 190],
    ],
  );
  assert.equal(new Set(placed.map(({ key }) => key)).size, placed.length);
});

test('of a collapsed row the panels are counted, not placed', () => {
  const row = {
    id: 9,
    type: 'row',
    collapsed: true,
    gridPos: { x: 0, y: 0, w: 24, h: 1 },
    panels: [panel(1, 0, 1, 6, 6), panel(2, 6, 1, 6, 6)],
  };
  const { placed, height } = layOut(sections(row), VALUES, WIDTH);
  assert.deepEqual(
    placed.map((one) => one.kind === 'row' && one.hidden),
    [2],
  );
  assert.equal(height, 30);
});

test('what is no dashboard is said to be none', () => {
  assert.throws(() => parseDashboard('{', 'x.json'), /x\.json is no JSON/);
  assert.throws(() => parseDashboard('{"title": "x"}', 'x.json'), /x\.json is no Grafana dashboard/);
});
