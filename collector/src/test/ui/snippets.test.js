import assert from 'node:assert/strict';
import { test } from 'node:test';
import { obstacle, snippets } from '../../main/ui/snippets.js';

const reference = {
  reference: 'a*b@0123456789ab',
  name: 'a*b',
  model: 'cnn',
  createdAt: '2026-01-01T00:00:00Z',
  libraryVersion: '0.1.0',
  profile: 'soft',
  anchors: 32,
  probes: 128,
  inputs: true,
  predictions: false,
  sha256: '',
  uploadSha256: '',
};

/**
 * What the page shows for a kind of training.
 *
 * @param {string} id
 * @param {{run?: string, layer?: string, needsToken?: boolean, collector?: string}} wish
 */
function lines(id, { run = 'r', layer = 'encoder', needsToken = false, collector = 'http://c:9475' }) {
  const found = snippets({ collector, reference, run, layer, needsToken }).find((snippet) => snippet.id === id);
  assert.ok(found);
  return found.parts.map(({ text }) => text).join('\n');
}

test('strings of Java and Python hold any text', () => {
  const layer = 'a "b" \\ c';
  assert.match(lines('java', { layer }), /Layer\.named\("a \\"b\\" \\\\ c"\)/);
  assert.match(lines('pytorch', { layer }), /Monitor\(model, "a \\"b\\" \\\\ c", reference="a\*b"/);
});

test('YAML has quotes where it would read something else', () => {
  assert.match(lines('javaagent', { run: 'lr-0.01' }), /^run: lr-0\.01$/m);
  assert.match(lines('javaagent', { run: '0.01' }), /^run: '0\.01'$/m);
  assert.match(lines('javaagent', { layer: "it's *" }), /^layers: \['it''s \*'\]$/m);
  for (const word of ['true', 'No', 'null', 'off', 'y']) {
    assert.match(lines('javaagent', { run: word }), new RegExp(`^run: '${word}'$`, 'm'));
  }
});

test('a shell sees one address, whatever is in it', () => {
  const text = lines('http', { run: "a'; rm -rf /; '", layer: 'x&y z' });
  assert.match(text, /'http:\/\/c:9475\/v1\/runs\/a%27%3B%20rm%20-rf%20%2F%3B%20%27\/embeddings\?/);
  assert.match(text, /reference=a\*b&layer=x%26y\+z&step=300'$/m);
  assert.match(lines('java', {}), /^curl -f -o a_b\.safetensors/m);
});

test('a token is taken from its file, and only where one is wanted', () => {
  for (const id of ['pytorch', 'java', 'javaagent', 'http']) {
    assert.doesNotMatch(lines(id, {}), /token/i);
    assert.match(lines(id, { needsToken: true }), /latentgauge\.token/);
  }
});

test('by plain http to another machine, agents are told that they may send a token', () => {
  assert.match(
    lines('java', { needsToken: true }),
    /builder\(URI\.create\("http:\/\/c:9475"\)\)\.allowTokenOverHttp\(\)/,
  );
  assert.match(lines('javaagent', { needsToken: true }), /^allow-token-over-http: true$/m);
  for (const collector of ['https://c:9475', 'http://127.0.0.1:9475', 'http://localhost:9475', 'http://[::1]:9475']) {
    assert.doesNotMatch(lines('java', { needsToken: true, collector }), /allowTokenOverHttp/);
    assert.doesNotMatch(lines('javaagent', { needsToken: true, collector }), /allow-token/);
  }
});

test('who has no inputs can only post embeddings', () => {
  const all = snippets({ collector: 'http://c', reference, run: 'r', layer: 'l', needsToken: false });
  assert.deepEqual(
    all.filter((snippet) => obstacle(snippet, reference)),
    [],
  );
  assert.deepEqual(
    all.filter((snippet) => !obstacle(snippet, { ...reference, inputs: false })).map(({ id }) => id),
    ['http'],
  );
});
