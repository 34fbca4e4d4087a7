/** The command line. */

import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Theme } from './picture';
import { messageOf, Problem } from './problem';
import { durationMs } from './time';

export interface Arguments {
  readonly prometheus: string;
  readonly dashboard: string;
  readonly output: string;
  readonly chosen: ReadonlyMap<string, readonly string[]>;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly width: number;
  readonly scale: number;
  readonly theme: Theme;
  readonly scrapeMs: number;
  readonly timeZone: string | undefined;
  readonly mayBeEmpty: readonly string[];
}

export const USAGE = `Renders a Grafana dashboard as a PNG picture, from a live Prometheus, without Grafana.

  npm run --silent render -- --prometheus URL --dashboard FILE --output FILE [...]

  --prometheus URL         where Prometheus answers, for example http://127.0.0.1:9090
  --dashboard FILE         the dashboard's JSON
  --output FILE            the picture to write
  --variable NAME=VALUE    a variable's value; again for several values, All for all
  --from TIME, --to TIME   now-6h, 2026-01-31T12:00:00Z or seconds since 1970 (the dashboard's own)
  --width PIXELS           320 to 7680 (1600)
  --scale FACTOR           pixels of the picture to one of the page, 1 to 4 (1)
  --theme dark|light       (dark)
  --time-zone NAME         utc or a zone like Europe/Berlin (the dashboard's own)
  --scrape-interval TIME   how often Prometheus scrapes (15s)
  --may-be-empty PANEL     a panel, by its id or title, that need not have data; again for more
  --help

It says for each panel what it shows, and ends with 1 if one failed or has no data, with 2 if
nothing could be drawn. CHROMIUM names another browser than /usr/bin/chromium.
`;

const OPTIONS = {
  prometheus: { type: 'string' },
  dashboard: { type: 'string' },
  output: { type: 'string' },
  variable: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  width: { type: 'string', default: '1600' },
  scale: { type: 'string', default: '1' },
  theme: { type: 'string', default: 'dark' },
  'time-zone': { type: 'string' },
  'scrape-interval': { type: 'string', default: '15s' },
  'may-be-empty': { type: 'string', multiple: true },
  help: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new Problem(`${messageOf(error)}\n\n${USAGE}`);
  }
}

/** undefined where only help was asked for. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const values = parse(args);
  return values.help
    ? undefined
    : {
        prometheus: address(values.prometheus),
        dashboard: given('dashboard', values.dashboard),
        output: given('output', values.output),
        chosen: chosenOf(values.variable ?? []),
        from: values.from,
        to: values.to,
        width: whole(number('width', values.width, 320, 7680)),
        scale: number('scale', values.scale, 1, 4),
        theme: themeOf(values.theme),
        timeZone: timeZoneOf(values['time-zone']),
        scrapeMs: durationMs(values['scrape-interval']),
        mayBeEmpty: values['may-be-empty'] ?? [],
      };
}

function given(name: string, value: string | undefined): string {
  if (!value) {
    throw new Problem(`--${name} is missing\n\n${USAGE}`);
  }
  return value;
}

function address(value: string | undefined): string {
  const written = given('prometheus', value);
  if (!/^https?:\/\/[^/]/.test(written)) {
    throw new Problem(`--prometheus "${written}" is no address; one is written like http://127.0.0.1:9090`);
  }
  return written;
}

function number(name: string, value: string, least: number, most: number): number {
  const read = Number(value);
  if (!(read >= least && read <= most)) {
    throw new Problem(`--${name} "${value}" is not a number from ${least} to ${most}`);
  }
  return read;
}

/** Browsers have no half pixels. */
const whole = Math.round;

function timeZoneOf(value: string | undefined): string | undefined {
  if (value !== undefined && value !== 'utc' && value !== 'browser') {
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
    } catch {
      throw new Problem(`--time-zone "${value}" is neither utc, browser nor a name such as Europe/Berlin`);
    }
  }
  return value;
}

function themeOf(value: string): Theme {
  if (value !== 'dark' && value !== 'light') {
    throw new Problem(`--theme "${value}" is neither dark nor light`);
  }
  return value;
}

function chosenOf(variables: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const chosen = new Map<string, string[]>();
  for (const variable of variables) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(variable) ?? [];
    if (name === undefined || value === undefined) {
      throw new Problem(`--variable "${variable}" is not written like name=value`);
    }
    chosen.set(name, [...(chosen.get(name) ?? []), value]);
  }
  return chosen;
}
