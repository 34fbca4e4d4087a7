import { applyNullInsertThreshold, FieldType, type DataFrame, type Field, type TimeRange } from '@grafana/data';
import type { VizLegendOptions } from '@grafana/schema';
import { TimeSeries } from '@grafana/ui';
import { useMemo, type JSX } from 'react';
import { AnnotationMarks } from '../annotationMarks';
import type { PanelProps } from '../panel';

export interface TimeSeriesOptions {
  readonly legend: VizLegendOptions;
}

/** A line has no place for what is no number, and the scale of an axis none for infinities. */
function drawable(field: Field): Field {
  return field.type === FieldType.number
    ? { ...field, values: field.values.map((value: unknown) => (Number.isFinite(value) ? value : null)) }
    : field;
}

/** Samples further apart than a step are no line: each frame gets nulls between them. */
function drawableFrames(frames: readonly DataFrame[], { from, to }: TimeRange): DataFrame[] {
  const limits = { refFieldPseudoMin: from.valueOf(), refFieldPseudoMax: to.valueOf() };
  return frames
    .filter(
      ({ fields }) =>
        fields.some(({ type }) => type === FieldType.time) && fields.some(({ type }) => type === FieldType.number),
    )
    .map((frame) => ({
      ...frame,
      fields: frame.fields.filter(({ type }) => type === FieldType.time || type === FieldType.number).map(drawable),
    }))
    .map((frame) => applyNullInsertThreshold({ frame, ...limits }));
}

export function TimeSeriesPanel({
  frames,
  options,
  width,
  height,
  timeRange,
  timeZone,
  annotations,
}: PanelProps<TimeSeriesOptions>): JSX.Element {
  const drawn = useMemo(() => drawableFrames(frames, timeRange), [frames, timeRange]);
  if (drawn.length === 0) {
    throw new Error('the data has no field of times beside one of numbers, so that no line can be drawn');
  }
  return (
    <TimeSeries
      frames={drawn}
      structureRev={1}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone={timeZone}
      legend={options.legend}
    >
      {(builder) => <AnnotationMarks builder={builder} annotations={annotations} />}
    </TimeSeries>
  );
}
