import type { DataFrame, FieldConfigSource, InterpolateFunction, TimeRange } from '@grafana/data';
import type { Annotation } from '../picture';

/** What a panel's component is given. */
export interface PanelProps<Options> {
  readonly width: number;
  readonly height: number;
  readonly options: Options;
  readonly frames: DataFrame[];
  readonly fieldConfig: FieldConfigSource;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  readonly replaceVariables: InterpolateFunction;
  readonly annotations: readonly Annotation[];
}
