/**
 * What core Grafana's panels say of themselves: the properties their fields have and what they and
 * their options are where a dashboard does not say. Options that @grafana/schema has defaults for
 * are taken from there; the others are what Grafana 13 shows for a new panel.
 */

import { FieldColorModeId } from '@grafana/data';
import {
  AxisColorMode,
  AxisPlacement,
  BarAlignment,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LineInterpolation,
  ScaleDistribution,
  StackingMode,
  TableCellDisplayMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/schema';
import { defaultOptions as stat } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import { defaultOptions as table } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { defaultOptions as text } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type { Json } from '../json';
import { STANDARD_DEFAULTS, type OwnProperties } from './standards';

export interface Definition extends OwnProperties {
  readonly fieldDefaults: Json;
  readonly options: Json;
  readonly needsData: boolean;
  /** Whether its component itself says that there is no data. */
  readonly saysNoData: boolean;
  readonly padded: boolean;
}

const HIDDEN_NOWHERE = { tooltip: false, viz: false, legend: false };

const LINE_DEFAULTS = {
  drawStyle: GraphDrawStyle.Line,
  lineInterpolation: LineInterpolation.Linear,
  lineWidth: 1,
  lineStyle: { fill: 'solid' },
  fillOpacity: 0,
  gradientMode: GraphGradientMode.None,
  barAlignment: BarAlignment.Center,
  barWidthFactor: 0.6,
  spanNulls: false,
  insertNulls: false,
  showPoints: VisibilityMode.Auto,
  showValues: false,
  pointSize: 5,
  stacking: { mode: StackingMode.None, group: 'A' },
  axisPlacement: AxisPlacement.Auto,
  axisLabel: '',
  axisColorMode: AxisColorMode.Text,
  axisBorderShow: false,
  axisCenteredZero: false,
  scaleDistribution: { type: ScaleDistribution.Linear },
  hideFrom: HIDDEN_NOWHERE,
  thresholdsStyle: { mode: GraphThresholdsStyleMode.Off },
};

const TABLE_DEFAULTS = {
  align: 'auto',
  cellOptions: { type: TableCellDisplayMode.Auto },
  inspect: false,
  footer: { reducers: [] },
  hideFrom: HIDDEN_NOWHERE,
};

const LEGEND = { displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] };

const SHOWS_DATA = {
  properties: [],
  fieldDefaults: STANDARD_DEFAULTS,
  needsData: true,
  saysNoData: false,
  padded: true,
};

export const DEFINITIONS = {
  timeseries: {
    ...SHOWS_DATA,
    properties: [
      ...Object.keys(LINE_DEFAULTS),
      'axisGridShow',
      'axisSoftMax',
      'axisSoftMin',
      'axisWidth',
      'barMaxWidth',
      'fillBelowTo',
      'fillColor',
      'lineColor',
      'pointColor',
      'pointSymbol',
      'transform',
    ],
    fieldDefaults: { ...STANDARD_DEFAULTS, color: { mode: FieldColorModeId.PaletteClassic }, custom: LINE_DEFAULTS },
    options: { legend: LEGEND },
  },
  stat: {
    ...SHOWS_DATA,
    options: { reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '' }, orientation: VizOrientation.Auto, ...stat },
    saysNoData: true,
  },
  table: {
    ...SHOWS_DATA,
    properties: [
      ...Object.keys(TABLE_DEFAULTS),
      'displayMode',
      'filterable',
      'hideHeader',
      'hideFrom.viz',
      'minWidth',
      'sortable',
      'styleField',
      'tooltip',
      'width',
      'wrapHeaderText',
      'wrapText',
    ],
    fieldDefaults: { ...STANDARD_DEFAULTS, custom: TABLE_DEFAULTS },
    options: { ...table },
    padded: false,
  },
  text: { ...SHOWS_DATA, options: { ...text }, needsData: false },
} as const satisfies Readonly<Record<string, Definition>>;

export type PanelType = keyof typeof DEFINITIONS;

export function isPanelType(type: string): type is PanelType {
  return Object.hasOwn(DEFINITIONS, type);
}
