import type {
  Dashboard as GrafanaDashboard,
  FieldConfig,
  GraphFieldConfig,
  Panel as GrafanaPanel,
  RowPanel,
  TableFieldOptions,
} from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as TextOptions } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** T as JSON has it: Grafana's types have enums, JSON has their values. */
export type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? `${T}` extends `${infer Value extends number}`
      ? Value
      : T
    : T extends readonly (infer Element)[]
      ? Plain<Element>[]
      : T extends object
        ? { [Key in keyof T]: Plain<T[Key]> }
        : T;

/**
 * A query of the Prometheus data source. Its type is in no package that can be had without Grafana's user interface.
 */
export interface Query {
  refId: string;
  datasource: { type: 'prometheus'; uid: string };
  expr: string;
  legendFormat?: string;
  format?: 'time_series' | 'table';
  instant?: boolean;
  range?: boolean;
}

/** How some fields of a panel differ from the others. */
export interface Override {
  matcher: { id: 'byName' | 'byRegexp' | 'byFrameRefID'; options: string };
  properties: { id: string; value: unknown }[];
}

interface FieldConfigOf<Custom> {
  defaults: Omit<Plain<FieldConfig>, 'custom'> & { custom?: Plain<Custom> };
  overrides: Override[];
}

type PanelOf<Type extends string, Options, Custom> = Omit<
  Plain<GrafanaPanel>,
  'type' | 'options' | 'fieldConfig' | 'targets' | 'title' | 'description'
> & {
  type: Type;
  title: string;
  description: string;
  options: Plain<Options>;
  fieldConfig: FieldConfigOf<Custom>;
  targets: Query[];
};

export type TimeSeriesPanel = PanelOf<'timeseries', TimeSeriesOptions, GraphFieldConfig>;
export type StatPanel = PanelOf<'stat', StatOptions, Record<string, never>>;
export type TablePanel = PanelOf<'table', TableOptions, Partial<TableFieldOptions>>;
export type TextPanel = PanelOf<'text', TextOptions, Record<string, never>>;
export type Panel = TimeSeriesPanel | StatPanel | TablePanel | TextPanel;

/** A dashboard of these panels. */
export type Dashboard = Omit<Plain<GrafanaDashboard>, 'panels' | 'annotations'> & {
  panels: (Panel | Plain<RowPanel>)[];
  annotations: { list: Record<string, unknown>[] };
};
export type Variable = NonNullable<NonNullable<Dashboard['templating']>['list']>[number];
