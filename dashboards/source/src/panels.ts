import type { Override, Panel, Query, StatPanel, TablePanel, TextPanel, TimeSeriesPanel } from './schema.js';

/** The data source that is chosen above the panels. */
export const datasource = { type: 'prometheus' as const, uid: '${datasource}' };

type Defaults = Panel['fieldConfig']['defaults'];
type Thresholds = NonNullable<Defaults['thresholds']>;
type Custom = TimeSeriesPanel['fieldConfig']['defaults']['custom'];

/** What every panel says: its title, what it shows and when to worry, and the unit of its values. */
interface Said {
  title: string;
  description: string;
  unit: string;
}

/** Expressions by the names of what they answer; `{{label}}` in a name is the value of that label. */
type Expressions = Record<string, string>;

export interface TimeSeries extends Said {
  queries: Expressions;
  min?: number;
  max?: number;
  decimals?: number;
  custom?: Custom;
  thresholds?: Thresholds;
  overrides?: Override[];
  /** Where the legend is; a table has the last value of each series, and its least and greatest. */
  legend?: 'list' | 'table';
  maxDataPoints?: number;
  repeat?: string;
  noValue?: string;
}

/** Colours that begin at values, each from one of `from` on. */
export function colours(first: string, ...from: [value: number, colour: string][]): Thresholds {
  return {
    mode: 'absolute',
    steps: [{ color: first, value: null }, ...from.map(([value, color]) => ({ color, value }))],
  };
}

/** Zero is as it should be, more is not. */
export const noneIsGood = colours('green', [1e-9, 'orange']);

/** Sets properties of the series or field of a name. */
export function named(name: string, properties: Record<string, unknown>): Override {
  return overriding('byName', name, properties);
}

/** Sets properties of the series or fields whose names match. */
export function matching(regex: string, properties: Record<string, unknown>): Override {
  return overriding('byRegexp', regex, properties);
}

function overriding(id: Override['matcher']['id'], options: string, properties: Record<string, unknown>): Override {
  return {
    matcher: { id, options },
    properties: Object.entries(properties).map(([property, value]) => ({ id: property, value })),
  };
}

/** One colour, whatever the palette says. */
export function fixed(colour: string): { color: { mode: 'fixed'; fixedColor: string } } {
  return { color: { mode: 'fixed', fixedColor: colour } };
}

/**
 * Draws the series of two names as the ends of a band: no lines, the room between them filled.
 */
export function band(upper: string, lower: string, colour: string): Override[] {
  const edge = {
    ...fixed(colour),
    'custom.lineWidth': 0,
    'custom.hideFrom': { legend: true, tooltip: false, viz: false },
  };
  return [
    named(upper, { ...edge, 'custom.fillBelowTo': lower, 'custom.fillOpacity': 20 }),
    named(lower, { ...edge, 'custom.fillOpacity': 0 }),
  ];
}

/** Draws the series of a name, or of names that match, as dashed lines. */
export function dashed(name: string, colour: string): Override {
  return (name.startsWith('/') ? matching : named)(name, {
    ...fixed(colour),
    'custom.lineStyle': { fill: 'dash', dash: [8, 8] },
    'custom.lineWidth': 1,
    'custom.fillOpacity': 0,
  });
}

/** The share of its best score that a live run has lost; near zero there is none. */
export function belowItsBest(labels: string, matchers: string): string {
  const now = `max by (${labels}) (latentgauge_score{${matchers}})`;
  const best = `max by (${labels}) (attempt:latentgauge_score:best{${matchers}})`;
  return `clamp(1 - ${now} / (${best} > 0.05), 0, 1)`;
}

export function timeSeries(panel: TimeSeries): TimeSeriesPanel {
  const table = panel.legend === 'table';
  return {
    type: 'timeseries',
    title: panel.title,
    description: panel.description,
    datasource,
    targets: queries(panel.queries, { range: true }),
    ...(panel.maxDataPoints === undefined ? {} : { maxDataPoints: panel.maxDataPoints }),
    ...(panel.repeat === undefined ? {} : { repeat: panel.repeat, repeatDirection: 'h', maxPerRow: 2 }),
    options: {
      legend: {
        displayMode: table ? 'table' : 'list',
        placement: table ? 'right' : 'bottom',
        showLegend: true,
        calcs: table ? ['lastNotNull', 'min', 'max'] : [],
        ...(table ? { sortBy: 'Last *', sortDesc: true } : {}),
      },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    fieldConfig: {
      defaults: {
        ...defaults(panel),
        color: { mode: 'palette-classic' },
        custom: {
          drawStyle: 'line',
          lineInterpolation: 'linear',
          lineWidth: 2,
          fillOpacity: 0,
          showPoints: 'auto',
          // Where a score is undefined, its line is broken.
          spanNulls: false,
          ...panel.custom,
        },
      },
      overrides: panel.overrides ?? [],
    },
  };
}

export interface Stat extends Said {
  queries: Expressions;
  decimals?: number;
  thresholds?: Thresholds;
  mappings?: NonNullable<Defaults['mappings']>;
  overrides?: Override[];
  noValue?: string;
  /** Colours the whole panel instead of its number alone. */
  filled?: boolean;
  /** Shows what the values are called instead of the values. */
  names?: boolean;
  /** Shows how the value has been in the time shown. */
  sparkline?: boolean;
}

/** What is so now; a value of the past would look like one of now. */
export function stat(panel: Stat): StatPanel {
  const several = Object.keys(panel.queries).length > 1;
  return {
    type: 'stat',
    title: panel.title,
    description: panel.description,
    datasource,
    targets: queries(panel.queries, panel.sparkline === true ? { range: true } : { instant: true, range: false }),
    options: {
      colorMode: panel.filled === true ? 'background' : 'value',
      graphMode: panel.sparkline === true ? 'area' : 'none',
      justifyMode: 'auto',
      orientation: several ? 'vertical' : 'auto',
      percentChangeColorMode: 'standard',
      showPercentChange: false,
      textMode: panel.names === true ? 'name' : several ? 'value_and_name' : 'value',
      wideLayout: true,
      reduceOptions: { calcs: ['lastNotNull'], values: false },
    },
    fieldConfig: {
      defaults: {
        ...defaults({ ...panel, mappings: [...(panel.mappings ?? []), nothing(panel.noValue ?? 'unknown')] }),
        color: { mode: 'thresholds' },
      },
      overrides: panel.overrides ?? [],
    },
  };
}

/** No value is neither good nor bad. */
function nothing(text: string): NonNullable<Defaults['mappings']>[number] {
  return { type: 'special', options: { match: 'null+nan', result: { text, color: 'text', index: 99 } } };
}

/** A column of a table: what it is called, and how its cells look. */
export interface Column {
  name: string;
  /** The expression whose values it has, or the label. */
  of: { expr: string } | { label: string };
  properties?: Record<string, unknown>;
  /** It is there for its rows alone. */
  hidden?: boolean;
}

export interface Table extends Said {
  columns: Column[];
  sortBy?: { column: string; descending: boolean };
  /** Labels that are not shown. */
  without?: string[];
  /** What is taken from the beginnings of the names of labels. */
  prefix?: string;
  /** In pixels, of columns that say nothing else. */
  minWidth?: number;
  /** Whether it may have more rows than fit. */
  paged?: boolean;
  noValue?: string;
}

/** A row for every combination of labels; those that are neither a column nor left out come last. */
export function table(panel: Table): TablePanel {
  const values = panel.columns.flatMap((column) =>
    'expr' in column.of ? [{ name: column.name, expr: column.of.expr }] : [],
  );
  const targets = queries(Object.fromEntries(values.map((value) => [value.name, value.expr])), {
    format: 'table',
    instant: true,
    range: false,
  });
  const fieldOf = (column: Column): string =>
    'label' in column.of
      ? column.of.label
      : values.length === 1
        ? 'Value'
        : `Value #${refId(values.findIndex((value) => value.name === column.name))}`;
  return {
    type: 'table',
    title: panel.title,
    description: panel.description,
    datasource,
    targets,
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: Object.fromEntries(
            [
              'Time',
              ...(panel.without ?? []),
              ...panel.columns.filter((column) => column.hidden === true).map(fieldOf),
            ].map((field) => [field, true]),
          ),
          indexByName: Object.fromEntries(panel.columns.map((column, index) => [fieldOf(column), index])),
          renameByName: Object.fromEntries(panel.columns.map((column) => [fieldOf(column), column.name])),
        },
      },
      ...(panel.prefix === undefined
        ? []
        : [{ id: 'renameByRegex', options: { regex: `${panel.prefix}(.*)`, renamePattern: '$1' } }]),
    ],
    options: {
      frameIndex: 0,
      showHeader: true,
      cellHeight: 'sm',
      enablePagination: panel.paged === true,
      sortBy: panel.sortBy === undefined ? [] : [{ displayName: panel.sortBy.column, desc: panel.sortBy.descending }],
    },
    fieldConfig: {
      defaults: {
        ...defaults({ noValue: '-', ...panel }),
        custom: { align: 'auto', cellOptions: { type: 'auto' }, minWidth: panel.minWidth ?? 100 },
      },
      overrides: panel.columns.map((column) =>
        // Labels are texts, also those that look like numbers.
        named(column.name, { ...('label' in column.of ? { unit: 'string' } : {}), ...column.properties }),
      ),
    },
  };
}

/** Markdown, in which variables are replaced. */
export function text(title: string, description: string, content: string): TextPanel {
  return {
    type: 'text',
    title,
    description,
    datasource,
    targets: [],
    options: { mode: 'markdown', content },
    fieldConfig: { defaults: {}, overrides: [] },
  };
}

function defaults(panel: {
  unit: string;
  min?: number;
  max?: number;
  decimals?: number;
  thresholds?: Thresholds;
  mappings?: NonNullable<Defaults['mappings']>;
  noValue?: string;
}): Omit<Defaults, 'custom'> {
  return {
    unit: panel.unit,
    thresholds: panel.thresholds ?? colours('text'),
    ...(panel.min === undefined ? {} : { min: panel.min }),
    ...(panel.max === undefined ? {} : { max: panel.max }),
    ...(panel.decimals === undefined ? {} : { decimals: panel.decimals }),
    ...(panel.mappings === undefined ? {} : { mappings: panel.mappings }),
    ...(panel.noValue === undefined ? {} : { noValue: panel.noValue }),
  };
}

function queries(expressions: Expressions, how: Partial<Query>): Query[] {
  return Object.entries(expressions).map(([name, expr], index) => ({
    refId: refId(index),
    datasource,
    expr: oneLine(expr),
    legendFormat: name,
    ...how,
  }));
}

/** A, B, C. */
function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function oneLine(expression: string): string {
  return expression.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')').trim();
}
