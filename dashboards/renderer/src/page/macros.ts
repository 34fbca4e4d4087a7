/**
 * Variables in what is shown of data: the dashboard's, those that a component adds, and those of
 * the field and value that a text stands for (Grafana's documentation, "Configure data links").
 */

import {
  formattedValueToString,
  getFieldDisplayName,
  getFrameDisplayName,
  type DataContextScopedVar,
  type InterpolateFunction,
  type ScopedVars,
} from '@grafana/data';
import { asGlob, interpolate, type Values } from '../interpolation';
import { isRecord } from '../json';

const MACRO = /\$\{(__\w+)((?:\.[^}.["]+|\["[^"]+"\]|\[\d+\])*)\}|\$(__\w+)/g;

type Context = DataContextScopedVar['value'];

function contextOf(scoped: ScopedVars): Context | undefined {
  const context = scoped['__dataContext'];
  return isRecord(context) && isRecord(context['value']) ? (context['value'] as unknown as Context) : undefined;
}

function pathOf(written: string): readonly string[] {
  return [...written.matchAll(/\.([^.["]+)|\["([^"]+)"\]|\[(\d+)\]/g)].map(
    ([, dotted, quoted, index]) => dotted ?? quoted ?? index ?? '',
  );
}

function fieldText({ field, frame, data }: Context, [what, label]: readonly string[]): string | undefined {
  if (what === 'labels') {
    const labels = field.labels ?? {};
    return label === undefined ? Object.values(labels).join(', ') : (labels[label] ?? '');
  }
  return what === 'name' || what === 'displayName' || what === undefined
    ? getFieldDisplayName(field, frame, data)
    : undefined;
}

function shownOf(context: Context, field: Context['field'], what: string | undefined): string | undefined {
  const value: unknown = context.rowIndex === undefined ? undefined : field.values[context.rowIndex];
  if (what === 'text') {
    return field.display ? formattedValueToString(field.display(value)) : String(value);
  }
  return value === undefined ? undefined : String(value);
}

function dataText(context: Context, [what, name]: readonly string[]): string | undefined {
  const { fields } = context.frame;
  const field =
    fields.find((one) => getFieldDisplayName(one, context.frame, context.data) === name || one.name === name) ??
    fields[Number(name)];
  return what === 'fields' && field ? shownOf(context, field, 'text') : undefined;
}

function macroText(name: string, path: readonly string[], context: Context): string | undefined {
  switch (name) {
    case '__field':
      return fieldText(context, path);
    case '__series':
      return getFrameDisplayName(context.frame, context.frameIndex);
    case '__value':
      return shownOf(context, context.field, path[0]);
    case '__data':
      return dataText(context, path);
    default:
      return undefined;
  }
}

function scopedText(scoped: ScopedVars, name: string, path: readonly string[]): string | undefined {
  const start: unknown = scoped[name]?.value;
  const value = path.reduce<unknown>((inside, key) => (isRecord(inside) ? inside[key] : undefined), start);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

export function replaceWith(values: Values): InterpolateFunction {
  return (template, scoped = {}) => {
    const context = contextOf(scoped);
    const shown = String(template).replace(MACRO, (whole: string, braced?: string, written = '', plain = '') => {
      const name = braced ?? String(plain);
      const path = pathOf(String(written));
      return scopedText(scoped, name, path) ?? (context ? macroText(name, path, context) : undefined) ?? whole;
    });
    return interpolate(shown, values, asGlob);
  };
}
