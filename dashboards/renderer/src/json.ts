/** Reading values of unknown shape, as a dashboard's JSON has them. */

export type Json = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What is given over what is the default, group by group; lists are taken whole. */
export function over(defaults: Json, given: Json): Json {
  const merged = Object.entries(given).map(([name, value]): [string, unknown] => {
    const standard = defaults[name];
    return [name, isRecord(standard) && isRecord(value) ? over(standard, value) : value];
  });
  return { ...defaults, ...Object.fromEntries(merged) };
}

export function records(value: unknown): readonly Json[] {
  return list(value).filter(isRecord);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numeric(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
