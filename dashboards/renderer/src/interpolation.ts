/**
 * Variables in texts: $name, ${name}, ${name.path}, ${name:format} and [[name:format]].
 * Source for the forms and the formats: Grafana's documentation, "Variable syntax" and
 * "Advanced variable format options".
 */

import { Problem } from './problem';

export type Chosen = string | readonly string[];

export interface Value {
  readonly value: Chosen;
  readonly text: Chosen;
  /** How the value goes into an expression that names no format. */
  readonly inExpression: 'verbatim' | 'plain' | 'alternation';
  /** Whether it is all there is, which texts name so. */
  readonly all?: true;
}

export type Values = Readonly<Record<string, Value>>;

type Format = (value: Value, name: string) => string;

const REFERENCE = /\$(\w+)|\$\{(\w+)(\.[^:}]+)?(?::([^}]+))?\}|\[\[(\w+)(?::([^\]]+))?\]\]/g;

export function verbatim(value: string): Value {
  return { value, text: value, inExpression: 'verbatim' };
}

export function each(chosen: Chosen): readonly string[] {
  return typeof chosen === 'string' ? [chosen] : chosen;
}

function several(value: Value, separator: string, change: (one: string) => string): string {
  return each(value.value).map(change).join(separator);
}

function escapeRegex(value: string): string {
  return value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}

/** A backslash is doubled once for the regular expression and once for the string it stands in. */
function escapeRegexInString(value: string): string {
  return value.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
}

function escapeInString(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
}

function joined(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `(${values.join('|')})`;
}

function isoTime(milliseconds: string): string {
  return new Date(Number(milliseconds)).toISOString();
}

/** As the Prometheus data source writes a variable into an expression. */
export const inExpression: Format = ({ value, inExpression: how }) => {
  switch (how) {
    case 'verbatim':
      return each(value).join('|');
    case 'plain':
      return each(value).map(escapeInString).join('|');
    case 'alternation':
      return joined(each(value).map(escapeRegexInString));
  }
};

export const asText: Format = ({ text, all }) => (all ? 'All' : each(text).join(' + '));

/** Grafana's format where none is named and no data source has a say. */
export const asGlob: Format = ({ value }) =>
  typeof value === 'string' ? value : value.length === 1 ? String(value[0]) : `{${value.join(',')}}`;

const FORMATS: Readonly<Record<string, Format>> = {
  raw: (value) => several(value, ',', (one) => one),
  csv: (value) => several(value, ',', (one) => one),
  pipe: (value) => several(value, '|', (one) => one),
  text: asText,
  glob: asGlob,
  regex: ({ value }) => joined(each(value).map(escapeRegex)),
  json: ({ value }) => JSON.stringify(value),
  doublequote: (value) => several(value, ',', (one) => `"${one.replace(/"/g, '\\"')}"`),
  singlequote: (value) => several(value, ',', (one) => `'${one.replace(/'/g, "\\'")}'`),
  percentencode: (value) => encodeURIComponent(asGlob(value, '')),
  queryparam: (value, name) => several(value, '&', (one) => `var-${name}=${encodeURIComponent(one)}`),
  date: (value) => several(value, ',', isoTime),
  'date:iso': (value) => several(value, ',', isoTime),
  'date:seconds': (value) => several(value, ',', (one) => String(Math.floor(Number(one) / 1000))),
};

function formatNamed(name: string): Format {
  const format = FORMATS[name];
  if (!format) {
    const allowed = Object.keys(FORMATS).join(', ');
    throw new Problem(`a variable cannot be written in the format "${name}"; there are ${allowed}`);
  }
  return format;
}

/** A reference to what is not among the values stays as it is. */
export function interpolate(template: string, values: Values, format: Format): string {
  return template.replace(REFERENCE, (whole, ...groups: Array<string | undefined>) => {
    const [plain, braced, path, bracedFormat, bracketed, bracketedFormat] = groups;
    const name = plain ?? braced ?? bracketed ?? '';
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (!value || path) {
      return whole;
    }
    const named = bracedFormat ?? bracketedFormat;
    return (named ? formatNamed(named) : format)(value, name);
  });
}

export function references(template: string): readonly string[] {
  return [...template.matchAll(REFERENCE)].map(
    ([, plain, braced, , , bracketed]) => plain ?? braced ?? bracketed ?? '',
  );
}

/** $1 and the like are no variables: label_replace means its groups by them. */
export function unknownReferences(template: string, values: Values): readonly string[] {
  return references(template).filter((name) => !/^\d/.test(name) && !Object.hasOwn(values, name));
}
