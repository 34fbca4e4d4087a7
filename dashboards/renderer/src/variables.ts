/** A dashboard's variables: what each may be, and what it is. */

import { interpolate, inExpression, references, type Chosen, type Value, type Values } from './interpolation';
import { list, numeric, record, text, type Json } from './json';
import { messageOf, Problem } from './problem';
import type { Prometheus, Series } from './prometheus';
import { seriesText } from './frames';
import { durationMs, durationText, roundInterval, type TimeRange } from './time';

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** How Grafana writes in JSON that all options are chosen. */
const ALL = '$__all';

const TYPES = ['query', 'custom', 'constant', 'datasource', 'interval', 'textbox'];

export interface Resolving {
  readonly prometheus: Prometheus;
  readonly range: TimeRange;
  /** What was asked for by name, in place of what the dashboard has. */
  readonly chosen: ReadonlyMap<string, readonly string[]>;
  readonly builtIn: Values;
}

function nameOf(definition: Json): string {
  return text(definition['name']) ?? '';
}

/** Each variable after those that its definition names. */
export function inOrder(definitions: readonly Json[]): readonly Json[] {
  const byName = new Map(definitions.map((one) => [nameOf(one), one]));
  const ordered = new Set<Json>();
  const visit = (definition: Json, path: readonly string[]): void => {
    const name = nameOf(definition);
    if (path.includes(name)) {
      throw new Problem(`the variables ${[...path, name].join(' -> ')} name each other in a circle`);
    }
    for (const needed of references(dependsOn(definition))) {
      const other = byName.get(needed);
      if (other && other !== definition) {
        visit(other, [...path, name]);
      }
    }
    ordered.add(definition);
  };
  definitions.forEach((definition) => visit(definition, []));
  return [...ordered];
}

function dependsOn(definition: Json): string {
  return [queryOf(definition), text(definition['regex']) ?? '', text(definition['allValue']) ?? ''].join(' ');
}

/** A query is a text, or, of newer dashboards, an object that has it. */
function queryOf(definition: Json): string {
  return text(definition['query']) ?? text(record(definition['query'])['query']) ?? '';
}

export async function resolveVariables(definitions: readonly Json[], resolving: Resolving): Promise<Values> {
  const names = definitions.map(nameOf);
  for (const name of resolving.chosen.keys()) {
    if (!names.includes(name)) {
      const allowed = names.length > 0 ? `it has ${names.join(', ')}` : 'it has none';
      throw new Problem(`the dashboard has no variable "${name}"; ${allowed}`);
    }
  }
  let values: Values = resolving.builtIn;
  for (const definition of inOrder(definitions)) {
    const name = nameOf(definition);
    const value = await resolveOne(definition, values, resolving).catch((error: unknown) => {
      throw new Problem(`the variable "${name}": ${messageOf(error)}`);
    });
    values = { ...values, [name]: value };
  }
  return values;
}

async function resolveOne(definition: Json, values: Values, resolving: Resolving): Promise<Value> {
  const options = await optionsOf(definition, values, resolving);
  const asked = resolving.chosen.get(nameOf(definition));
  const wanted = asked ?? currentOf(definition);
  const free = definition['type'] === 'textbox' || definition['type'] === 'datasource';
  if (free) {
    const value = asked?.at(-1) ?? wanted[0] ?? options[0]?.value ?? '';
    const shown = asked ? undefined : text(record(definition['current'])['text']);
    return { value, text: shown ?? value, inExpression: 'plain' };
  }
  const several = definition['multi'] === true || definition['includeAll'] === true;
  const how = several ? 'alternation' : 'plain';
  if (definition['includeAll'] === true && wantsAll(wanted, asked !== undefined)) {
    const all = text(definition['allValue']);
    return all === undefined
      ? { value: options.map(({ value }) => value), text: options.map((one) => one.text), inExpression: how, all: true }
      : { value: interpolate(all, values, inExpression), text: 'All', inExpression: 'verbatim' };
  }
  const found = choose(definition, options, wanted, asked !== undefined);
  return { ...found, inExpression: how };
}

function wantsAll(wanted: readonly string[], asked: boolean): boolean {
  return wanted.length === 1 && (wanted[0] === ALL || (asked && wanted[0] === 'All'));
}

function currentOf(definition: Json): readonly string[] {
  const value = record(definition['current'])['value'];
  return (Array.isArray(value) ? list(value) : [value])
    .filter((one) => typeof one === 'string' && one !== '')
    .map(String);
}

/** What was asked for must be there; what the dashboard remembers may be gone, then the first is taken. */
function choose(
  definition: Json,
  options: readonly Option[],
  wanted: readonly string[],
  asked: boolean,
): { readonly value: Chosen; readonly text: Chosen } {
  const found = wanted.map((one) => options.find(({ value, text: shown }) => value === one || shown === one));
  const missing = wanted.filter((_one, index) => found[index] === undefined);
  if (asked && missing.length > 0) {
    const all = definition['includeAll'] === true ? ['All'] : [];
    const allowed = [...all, ...options.map((one) => one.text)].join(', ');
    throw new Problem(
      `it cannot be "${missing.join('", "')}"; ${allowed ? `there is ${allowed}` : 'there is nothing to choose'}`,
    );
  }
  const multi = definition['multi'] === true;
  if (asked && !multi && wanted.length > 1) {
    throw new Problem(`it can have one value, not ${wanted.length}`);
  }
  const kept = found.filter((one) => one !== undefined);
  const taken = kept.length > 0 ? kept : options.slice(0, 1);
  const first = taken[0];
  return multi
    ? { value: taken.map(({ value }) => value), text: taken.map((one) => one.text) }
    : { value: first?.value ?? '', text: first?.text ?? '' };
}

async function optionsOf(definition: Json, values: Values, resolving: Resolving): Promise<readonly Option[]> {
  const query = queryOf(definition);
  switch (definition['type']) {
    case 'query':
      return queryOptions(definition, interpolate(query, values, inExpression), values, resolving);
    case 'custom':
      return listed(query);
    case 'interval':
      return [...autoOption(definition, resolving.range), ...listed(query)];
    case 'constant':
    case 'textbox':
    case 'datasource':
      return [{ value: query, text: query }];
    default:
      throw new Problem(
        `pictures know no variables of the type "${String(definition['type'])}"; they know ${TYPES.join(', ')}`,
      );
  }
}

/** "a, b, text : value", with \, for a comma inside. */
function listed(query: string): readonly Option[] {
  return query
    .split(/(?<!\\),/)
    .map((one) => one.trim().replaceAll('\\,', ','))
    .filter((one) => one !== '')
    .map((one) => {
      const [, shown, value] = /^(.+?)\s:\s(.+)$/.exec(one) ?? [];
      return { value: value ?? one, text: shown ?? one };
    });
}

/** An interval variable's "auto" divides the range into as many steps as it says. */
function autoOption(definition: Json, range: TimeRange): readonly Option[] {
  if (definition['auto'] !== true) {
    return [];
  }
  const fitting = roundInterval((range.to - range.from) / (numeric(definition['auto_count']) ?? 30));
  const value = durationText(Math.max(fitting, durationMs(text(definition['auto_min']) ?? '10s')));
  return [{ value, text: 'auto' }];
}

async function queryOptions(
  definition: Json,
  query: string,
  values: Values,
  resolving: Resolving,
): Promise<readonly Option[]> {
  const found = await queryTexts(query, resolving);
  const regex = text(definition['regex']);
  const options = regex
    ? matching(found, interpolate(regex, values, inExpression))
    : found.map((one) => ({ value: one, text: one }));
  const distinct = [...new Map(options.map((option) => [option.value, option])).values()];
  return sorted(distinct, numeric(definition['sort']) ?? 0);
}

/** Source for the functions: Grafana's documentation of the Prometheus data source, "Query variable". */
async function queryTexts(query: string, { prometheus, range }: Resolving): Promise<readonly string[]> {
  const [, called, inside] = /^\s*(\w+)\((.*)\)\s*$/s.exec(query) ?? [];
  const argument = inside?.trim() ?? '';
  switch (called) {
    case 'label_values': {
      const [, selector, label] = /^(.*),\s*([a-zA-Z_]\w*)$/s.exec(argument) ?? [];
      return prometheus.labelValues(label ?? argument, selector?.trim(), range);
    }
    case 'label_names':
      return prometheus.labelNames(range);
    case 'metrics': {
      const wanted = new RegExp(argument);
      return (await prometheus.labelValues('__name__', undefined, range)).filter((name) => wanted.test(name));
    }
    case 'query_result':
      return (await prometheus.instant(argument, range.to)).map(resultText);
    default:
      throw new Problem(
        `its query "${query}" is none of label_values(...), label_names(), metrics(...), query_result(...)`,
      );
  }
}

function resultText({ labels, samples }: Series): string {
  const [time, value] = samples[0] ?? [0, Number.NaN];
  return `${seriesText(labels)} ${value} ${time}`;
}

/** A group of the expression, or those named "value" and "text", say what of a match is taken. */
function matching(found: readonly string[], regex: string): readonly Option[] {
  const [, pattern, flags] = /^\/(.*)\/([gimsuy]*)$/s.exec(regex) ?? [];
  const expression = new RegExp(pattern ?? `^${regex}$`, flags?.replace('g', '') ?? '');
  return found.flatMap((one) => {
    const match = expression.exec(one);
    if (!match) {
      return [];
    }
    const value = match.groups?.['value'] ?? match.groups?.['text'] ?? match[1] ?? match[0];
    return [{ value, text: match.groups?.['text'] ?? value }];
  });
}

function firstNumber(shown: string): number {
  const found = /-?\d+(?:\.\d+)?/.exec(shown);
  return found ? Number(found[0]) : -Infinity;
}

/** Source for the numbers: VariableSort of @grafana/data; odd ones ascend, even ones descend. */
function sorted(options: readonly Option[], sort: number): readonly Option[] {
  const compare = [
    (one: string, other: string) => (one < other ? -1 : Number(one > other)),
    (one: string, other: string) => firstNumber(one) - firstNumber(other),
    (one: string, other: string) => one.toLowerCase().localeCompare(other.toLowerCase()),
    (one: string, other: string) => one.localeCompare(other, undefined, { numeric: true }),
  ][Math.ceil(sort / 2) - 1];
  if (!compare) {
    return options;
  }
  const ascending = [...options].sort((one, other) => compare(one.text, other.text));
  return sort % 2 === 0 ? ascending.reverse() : ascending;
}
