/** Annotations over a graph: a dashed line with a triangle below it, a region with a bar below it. */

import { colorManipulator } from '@grafana/data';
import { REGION_FILL_ALPHA, useTheme2, type UPlotConfigBuilder } from '@grafana/ui';
import { useLayoutEffect } from 'react';
import type uPlot from 'uplot';
import type { Annotation } from '../picture';

const LINE = { width: 2, dash: [5, 5] };
const TRIANGLE = 5;
const BAR = 5;

/** Lengths are in CSS pixels, and the canvas has as many to one as the picture is scaled. */
interface Canvas {
  readonly context: CanvasRenderingContext2D;
  readonly bbox: uPlot.BBox;
  readonly ratio: number;
}

function dashedLine({ context, bbox, ratio }: Canvas, x: number): void {
  context.beginPath();
  context.lineWidth = LINE.width * ratio;
  context.setLineDash(LINE.dash.map((length) => length * ratio));
  context.moveTo(x, bbox.top);
  context.lineTo(x, bbox.top + bbox.height);
  context.stroke();
}

function triangle({ context, bbox, ratio }: Canvas, x: number): void {
  const bottom = bbox.top + bbox.height;
  context.beginPath();
  context.moveTo(x, bottom);
  context.lineTo(x + TRIANGLE * ratio, bottom + TRIANGLE * ratio);
  context.lineTo(x - TRIANGLE * ratio, bottom + TRIANGLE * ratio);
  context.fill();
}

function region(canvas: Canvas, from: number, to: number, color: string): void {
  const { context, bbox, ratio } = canvas;
  context.fillStyle = colorManipulator.alpha(color, REGION_FILL_ALPHA);
  context.fillRect(from, bbox.top, to - from, bbox.height);
  context.fillStyle = color;
  context.fillRect(from, bbox.top + bbox.height, to - from, BAR * ratio);
}

function draw(canvas: Canvas, plot: uPlot, annotation: Annotation, color: string): void {
  const { context, bbox } = canvas;
  const right = bbox.left + bbox.width;
  const [from, to] = [annotation.from, annotation.to].map((time) => plot.valToPos(time, 'x', true));
  if (from === undefined || to === undefined) {
    return;
  }
  context.strokeStyle = color;
  context.fillStyle = color;
  if (annotation.to > annotation.from) {
    region(canvas, Math.max(from, bbox.left), Math.min(to, right), color);
  }
  for (const x of annotation.to > annotation.from ? [from, to] : [from]) {
    if (x >= bbox.left && x <= right) {
      dashedLine(canvas, x);
    }
  }
  if (annotation.to === annotation.from) {
    triangle(canvas, from);
  }
}

export interface AnnotationMarksProps {
  readonly builder: UPlotConfigBuilder;
  readonly annotations: readonly Annotation[];
}

/** Children's layout effects come before the plot's own, which reads the hooks. */
export function AnnotationMarks({ builder, annotations }: AnnotationMarksProps): null {
  const theme = useTheme2();
  useLayoutEffect(() => {
    builder.addHook('draw', (plot) => {
      const canvas = { context: plot.ctx, bbox: plot.bbox, ratio: devicePixelRatio };
      plot.ctx.save();
      annotations.forEach((one) => draw(canvas, plot, one, theme.visualization.getColorByName(one.color)));
      plot.ctx.restore();
    });
  }, [builder, annotations, theme]);
  return null;
}
