import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asGlob,
  asText,
  inExpression,
  interpolate,
  unknownReferences,
  verbatim,
  type Values,
} from '../src/interpolation';

const values: Values = {
  run: { value: 'a.b', text: 'A', inExpression: 'plain' },
  layers: { value: ['conv(1)', 'fc'], text: ['conv(1)', 'fc'], inExpression: 'alternation' },
  one: { value: ['conv(1)'], text: ['conv(1)'], inExpression: 'alternation' },
  every: { value: ['x', 'y'], text: ['x', 'y'], inExpression: 'alternation', all: true },
  __from: verbatim('1769860800000'),
};

test('each way to write a variable is replaced', () => {
  assert.equal(interpolate('$run ${run} [[run]] ${run:raw} [[run:raw]]', values, asGlob), 'a.b a.b a.b a.b a.b');
});

test('what is no variable stays', () => {
  const template = 'label_replace(x, "a", "$1", "b", "(.*)$") $nothing ${run.path} $toString';
  assert.equal(interpolate(template, values, asGlob), template);
});

test('several values become an alternation in an expression, with what is special escaped for its string', () => {
  assert.equal(interpolate('{layer=~"$layers"}', values, inExpression), '{layer=~"(conv\\\\(1\\\\)|fc)"}');
  assert.equal(interpolate('{layer=~"$one"}', values, inExpression), '{layer=~"conv\\\\(1\\\\)"}');
  assert.equal(interpolate('{run="$run"}', values, inExpression), '{run="a.b"}');
});

test('a format that is named comes before the default', () => {
  assert.equal(interpolate('${layers:regex}', values, inExpression), '(conv\\(1\\)|fc)');
  assert.equal(
    interpolate('${layers:pipe} ${layers:csv} ${layers:raw}', values, inExpression),
    'conv(1)|fc conv(1),fc conv(1),fc',
  );
  assert.equal(interpolate('${layers:queryparam}', values, asText), 'var-layers=conv(1)&var-layers=fc');
  assert.equal(
    interpolate('${__from:date:iso} ${__from:date:seconds}', values, asText),
    '2026-01-31T12:00:00.000Z 1769860800',
  );
  assert.throws(() => interpolate('${run:nonsense}', values, asText), /"nonsense"; there are raw, csv/);
});

test('texts name all as All, and several by their texts', () => {
  assert.equal(interpolate('$every $layers $run', values, asText), 'All conv(1) + fc A');
});

test('a reference to what is not there is found, a group of label_replace is none', () => {
  assert.deepEqual(unknownReferences('$run $2 ${missing} [[gone]]', values), ['missing', 'gone']);
});
