import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Json } from '../src/json';
import { Prometheus } from '../src/prometheus';
import { timeRange } from '../src/time';
import { inOrder, resolveVariables } from '../src/variables';

const asked: string[] = [];

/** Answers as Prometheus does, with the same labels and series to whatever is asked. */
const server = createServer((request, response) => {
  asked.push(decodeURIComponent(request.url ?? '').replaceAll('+', ' '));
  const data = request.url?.includes('/label/')
    ? ['run-10', 'run-9', 'other']
    : { resultType: 'vector', result: [{ metric: { __name__: 'up', job: 'a' }, value: [5, '1'] }] };
  response.end(JSON.stringify({ status: 'success', data }));
});
let address = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

function resolve(definitions: readonly Json[], chosen: Readonly<Record<string, readonly string[]>> = {}) {
  const range = timeRange('now-1h', 'now', Date.parse('2026-01-31T12:00:00Z'));
  const resolving = {
    prometheus: new Prometheus(address),
    range,
    chosen: new Map(Object.entries(chosen)),
    builtIn: {},
  };
  return resolveVariables(definitions, resolving);
}

const RUN = { type: 'query', name: 'run', query: { query: 'label_values(up{job="$job", x=~"a,b"}, run)' } };
const JOB = { type: 'custom', name: 'job', query: 'one, two : 2', current: { value: '2' } };

test('a variable comes after those that it names', () => {
  assert.deepEqual(inOrder([RUN, JOB]), [JOB, RUN]);
  const circle = [
    { name: 'a', query: '$b' },
    { name: 'b', query: '$a' },
  ];
  assert.throws(() => inOrder(circle), /a -> b -> a name each other in a circle/);
});

test('a query sees what the others are', async () => {
  const { run, job } = await resolve([RUN, JOB]);
  assert.deepEqual([job?.value, job?.text], ['2', 'two']);
  assert.equal(run?.value, 'run-10');
  assert.ok(asked.at(-1)?.includes('match[]=up{job="2", x=~"a,b"}'));
});

test('an expression takes what it matches, and the order is the one that is set', async () => {
  const { run } = await resolve([
    { ...RUN, includeAll: true, current: { value: ['$__all'] }, regex: '/run-(.*)/', sort: 3 },
  ]);
  assert.deepEqual([run?.value, run?.all, run?.inExpression], [['9', '10'], true, 'alternation']);
});

test('what stands for all is taken as it is written', async () => {
  const { run } = await resolve([{ ...RUN, multi: true, includeAll: true, allValue: '.*' }], { run: ['All'] });
  assert.deepEqual(run, { value: '.*', text: 'All', inExpression: 'verbatim' });
});

test('several values are several where the variable may have them', async () => {
  const { run } = await resolve([{ ...RUN, multi: true }], { run: ['other', 'run-9'] });
  assert.deepEqual(run?.value, ['other', 'run-9']);
  await assert.rejects(resolve([RUN], { run: ['other', 'run-9'] }), /"run": it can have one value, not 2/);
});

test('what is asked for and not there is named, with what there is', async () => {
  await assert.rejects(resolve([JOB], { nothing: ['1'] }), /no variable "nothing"; it has job/);
  await assert.rejects(resolve([JOB], { job: ['three'] }), /"job": it cannot be "three"; there is one, two/);
  await assert.rejects(resolve([{ type: 'adhoc', name: 'x' }]), /no variables of the type "adhoc"/);
});

test('what the dashboard remembers and is gone gives way to the first', async () => {
  const { job } = await resolve([{ ...JOB, current: { value: 'gone' } }]);
  assert.equal(job?.value, 'one');
});

test('results of a query are texts', async () => {
  const { x } = await resolve([
    { type: 'query', name: 'x', query: 'query_result(up)', regex: '/job="(?<text>\\w+)".* (?<value>\\d) /' },
  ]);
  assert.deepEqual([x?.text, x?.value], ['a', '1']);
});

test('a text box takes what it is given', async () => {
  const { free } = await resolve([{ type: 'textbox', name: 'free', query: 'x' }], { free: ['anything'] });
  assert.equal(free?.value, 'anything');
});
