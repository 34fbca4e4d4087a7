import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFilter, tagWord, toggled } from '../../main/ui/filter.js';
import { observation, run } from './runs.js';

const runs = [
  run({ name: 'cnn-1', model: 'CNN', dataset: 'digits', tags: { lr: '0.1', optimizer: 'adam' } }),
  run({ name: 'cnn-12', model: 'CNN', state: 'failed', tags: { lr: '0.01', optimizer: 'adam w' } }),
  run({ name: 'mlp-1', latest: [observation({ layer: 'head', reference: 'ref@ab' })], tags: { lr: '0.1' } }),
];

/** @param {string} text */
const found = (text) =>
  runs
    .filter(parseFilter(text))
    .map(({ name }) => name)
    .join(' ');

test('nothing finds all', () => {
  assert.equal(found(''), 'cnn-1 cnn-12 mlp-1');
  assert.equal(found('   '), 'cnn-1 cnn-12 mlp-1');
});

test('a word is part of a name, a model, a data set or a tag, in capitals or not', () => {
  assert.equal(found('NN-1'), 'cnn-1 cnn-12');
  assert.equal(found('DIGITS'), 'cnn-1');
  assert.equal(found('adam'), 'cnn-1 cnn-12');
  assert.equal(found('0.1'), 'cnn-1 mlp-1');
});

test('a tag has the value, and not a part of it', () => {
  assert.equal(found('lr:0.1'), 'cnn-1 mlp-1');
  assert.equal(found('lr=0.01'), 'cnn-12');
  assert.equal(found('lr:0'), '');
});

test('quotes keep spaces', () => {
  assert.equal(found('optimizer:"adam w"'), 'cnn-12');
  assert.equal(found('"adam w"'), 'cnn-12');
});

test('state, model, layer and reference are asked for like tags', () => {
  assert.equal(found('state:failed'), 'cnn-12');
  assert.equal(found('model:CNN state:live'), 'cnn-1');
  assert.equal(found('layer:head'), 'mlp-1');
  assert.equal(found('reference:ref'), 'mlp-1');
  assert.equal(found('reference:ref@ab'), 'mlp-1');
});

test('a minus asks for the opposite', () => {
  assert.equal(found('-lr:0.1'), 'cnn-12');
  assert.equal(found('-cnn'), 'mlp-1');
  assert.equal(found('-/^cnn/'), 'mlp-1');
});

test('slashes are around a regular expression for the name', () => {
  assert.equal(found('/^cnn-\\d$/'), 'cnn-1');
  assert.equal(found('/1$/ lr:0.1'), 'cnn-1 mlp-1');
  assert.throws(() => parseFilter('/(/'), SyntaxError);
});

test('a word is put in, and taken away by the same', () => {
  const word = tagWord('optimizer', 'adam w');
  assert.equal(toggled('cnn', word), 'cnn optimizer:"adam w"');
  assert.equal(toggled('cnn optimizer:"adam w" lr:0.1', word), 'cnn lr:0.1');
  assert.equal(tagWord('lr', '0.1'), 'lr:0.1');
});

test('a tag may be called like something that every object has', () => {
  const odd = run({ tags: { constructor: 'yes' } });
  assert.ok(parseFilter('constructor:yes')(odd));
  assert.ok(!parseFilter('constructor:yes')(run()));
  assert.ok(!parseFilter('toString:x valueOf:y')(odd));
});

test('any value of a tag is found by its word', () => {
  for (const value of ['', 'adam w', 'say "hi"', '"', '""', '/x/', '-1', 'a:b=c', '\u202eשבכה\t']) {
    const word = tagWord('t', value);
    assert.ok(parseFilter(word)(run({ tags: { t: value } })), word);
    assert.ok(!parseFilter(word)(run({ tags: { t: value + '!' } })), word);
    assert.equal(toggled(toggled('other', word), word), 'other');
  }
});

test('an expression that may take for ever is refused', () => {
  for (const slow of ['(a+)+$', '(a|aa)*b', '(a){9}', 'a*a*a*a*b', '(a)\\1', '(?<x>a)\\k<x>']) {
    assert.throws(() => parseFilter(`/${slow}/`), SyntaxError, slow);
  }
  for (const quick of ['^(cnn|mlp)-\\d+$', '[*+{}]+\\*\\+', '(a)?b', 'x{2}']) {
    parseFilter(`/${quick}/`);
  }
});
