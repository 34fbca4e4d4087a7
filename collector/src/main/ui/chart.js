// @ts-check
/**
 * A chart of curves with their intervals: `<lg-chart>`, whose property `spec` says what it shows.
 *
 * uPlot draws. What it lacks is here: levels and marks with their labels, a reading of all curves under the pointer,
 * the same by keyboard, what is drawn as a table and as a picture, and colours that follow the page's.
 */

import uPlot from './lib/uplot/uPlot.esm.js';
import { at, firstFrom } from './lookup.js';
import { csv, save, savePicture } from './export.js';

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {number} color the number of a colour of the page, from 0
 * @property {number[]} xs ascending
 * @property {(number | null)[]} ys null is a gap
 * @property {(number | null)[]} [lows]
 * @property {(number | null)[]} [highs]
 * @property {boolean} [faint] for what stands behind another line: it is neither read nor in the key
 * @property {boolean} [kept] of a faint line: whether it is in tables and files all the same
 * @property {number[]} [dash] lengths of strokes and gaps, in pixels
 *
 * @typedef {object} Spec
 * @property {string} title
 * @property {string} [note] what the intervals and levels mean
 * @property {Line[]} lines
 * @property {{label: string, value: number}[]} [levels] horizontal
 * @property {{label: string, x: number}[]} [marks] vertical
 * @property {string} axis what x is
 * @property {boolean} [isTime] whether x is seconds since 1970
 * @property {(x: number) => string} formatX
 * @property {(y: number, spacing?: number) => string} formatY of a value; or of a label of the axis, so far from the next
 * @property {boolean} [isLogarithmic]
 * @property {string} [group] charts of one group move their pointers together
 * @property {number} [height] of the plot, in pixels
 * @property {string} [file] how an export is called
 * @property {(from: number, to: number) => void} [zoomed] told which part of x somebody wants to see
 * @property {() => void} [unzoomed]
 */

const HEIGHT = 240;

/** So many colours the page has for curves; then they begin again. */
export const COLORS = 10;

const MOST_READ = 16;
const MOST_ROWS = 200;

export class Chart extends HTMLElement {
  /** @type {Spec | undefined} */
  #spec;

  /** @type {uPlot | undefined} */
  #plot;

  /** What a plot was made for; others need another. */
  #shape = '';

  /** The lines by the numbers of their series. @type {Line[]} */
  #series = [];

  /** What is shown of x; undefined if all is. @type {{min: number, max: number} | undefined} */
  #shown;
  #axis = '';
  #resized = new ResizeObserver(() => this.#fit());
  #retinted = () => this.#draw(true);

  #title = element('h2', 'chart-title');
  #note = element('p', 'chart-note');
  #tools = element('div', 'chart-tools');
  #whole = tool('Show all', 'Show all of it again', () => this.unzoom());
  #figure = element('div', 'chart-figure');
  #reading = element('div', 'chart-reading');
  #table = element('div', 'chart-table');
  #isTabled = false;
  #parts;

  constructor() {
    super();
    const head = element('div', 'chart-head');
    head.append(this.#title, this.#tools);
    this.#whole.hidden = true;
    this.#tools.append(
      this.#whole,
      tool('Table', 'Show the values as a table', (button) => this.#toggleTable(button)),
      tool('CSV', 'Save the values as CSV', () => this.#saveTable()),
      tool('PNG', 'Save a picture', () => this.#savePicture()),
    );
    this.#figure.tabIndex = 0;
    this.#figure.setAttribute('role', 'group');
    this.#figure.setAttribute('aria-roledescription', 'chart');
    this.#figure.addEventListener('keydown', (event) => this.#key(event));
    this.#figure.addEventListener('blur', () => {
      this.#reading.removeAttribute('aria-live');
      if (this.#plot) {
        point(this.#plot, -10, -10);
      }
    });
    this.#table.hidden = true;
    this.#parts = [head, this.#note, this.#figure, this.#reading, this.#table];
  }

  connectedCallback() {
    // Not in the constructor: who makes elements of a template finds its way by counting what is in it.
    this.replaceChildren(...this.#parts);
    this.#resized.observe(this.#figure);
    addEventListener('latentgauge.theme', this.#retinted);
    this.#draw(false);
  }

  disconnectedCallback() {
    this.#resized.disconnect();
    removeEventListener('latentgauge.theme', this.#retinted);
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#shape = '';
  }

  /** @param {Spec} spec */
  set spec(spec) {
    this.#spec = spec;
    if (this.isConnected) {
      this.#draw(false);
    }
  }

  /** Goes back to all of x. */
  unzoom() {
    this.#shown = undefined;
    this.#spec?.unzoomed?.();
    this.#draw(true);
  }

  /** @param {boolean} anew even if the plot could stay */
  #draw(anew) {
    const spec = this.#spec;
    if (!spec) {
      return;
    }
    this.#title.textContent = spec.title;
    this.#note.textContent = spec.note ?? '';
    this.#note.hidden = !spec.note;
    this.#figure.setAttribute('aria-label', summary(spec));
    if (spec.axis !== this.#axis) {
      // What was shown of another axis says nothing of this one.
      this.#axis = spec.axis;
      this.#shown = undefined;
    }
    this.#whole.hidden = !this.#shown;
    const data = this.#data(spec);
    const shape = shapeOf(spec);
    if (!this.#plot || anew || shape !== this.#shape) {
      this.#plot?.destroy();
      this.#shape = shape;
      this.#plot = new uPlot(this.#options(spec), data, this.#figure);
      if (this.#shown) {
        this.#plot.setScale('x', this.#shown);
      }
    } else {
      this.#plot.setData(data, !this.#shown);
      if (this.#shown) {
        this.#plot.setScale('x', this.#shown);
      }
    }
    if (this.#isTabled) {
      this.#fillTable();
    }
  }

  /**
   * One array of x and, for each line, those of its values and the ends of its intervals. Where a line has no point
   * at an x of another it is drawn on; where it has a gap it is not.
   *
   * @param {Spec} spec
   * @returns {uPlot.AlignedData}
   */
  #data(spec) {
    this.#series = [];
    /** @type {uPlot.AlignedData[]} */
    const tables = spec.lines.map((line) => {
      this.#series.push(line);
      const ys = spec.isLogarithmic ? line.ys.map(positive) : line.ys;
      return isBanded(line)
        ? [line.xs, ys, /** @type {number[]} */ (line.lows), /** @type {number[]} */ (line.highs)]
        : [line.xs, ys];
    });
    return tables.length === 0 ? [[]] : uPlot.join(tables);
  }

  /**
   * @param {Spec} spec
   * @returns {uPlot.Options}
   */
  #options(spec) {
    const ink = color('--chart-ink');
    const grid = { stroke: color('--chart-grid'), width: 1 };
    /** @type {uPlot.Series[]} */
    const series = [{}];
    /** @type {uPlot.Band[]} */
    const bands = [];
    for (const line of spec.lines) {
      const tint = color(`--series-${line.color % COLORS}`);
      const isAlone = line.xs.length < 2;
      series.push({
        label: line.label,
        stroke: line.faint ? faded(tint, 0.35) : tint,
        width: line.faint ? 1 : 2,
        ...(line.dash && { dash: line.dash }),
        points: { show: isAlone && !line.faint, size: 6, fill: tint },
      });
      if (isBanded(line)) {
        const lower = series.length;
        const bare = { width: 0, points: { show: false } };
        series.push(bare, bare);
        bands.push({ series: [lower + 1, lower], fill: faded(tint, 0.18) });
      }
    }
    return {
      width: Math.max(200, this.#figure.clientWidth),
      height: spec.height ?? HEIGHT,
      legend: { show: false },
      focus: { alpha: 1 },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
        ...(spec.group && { sync: { key: spec.group, setSeries: false } }),
      },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: spec.isTime ?? false },
        y: {
          distr: spec.isLogarithmic ? 3 : 1,
          ...(!spec.isLogarithmic && { range: (_, low, high) => this.#rangeY(low, high) }),
        },
      },
      series,
      bands,
      axes: [
        { stroke: ink, grid, ticks: grid, label: spec.axis, labelSize: 20, size: 40, font: FONT, labelFont: FONT },
        {
          stroke: ink,
          grid,
          ticks: grid,
          size: 62,
          font: FONT,
          values: (...[, ticks, , , spacing]) => ticks.map((tick) => label(spec, tick, spacing)),
        },
      ],
      hooks: {
        draw: [(plot) => this.#annotate(plot), (plot) => this.#read(plot)],
        setCursor: [(plot) => this.#read(plot)],
        setSelect: [(plot) => this.#select(plot)],
        ready: [(plot) => plot.over.addEventListener('dblclick', () => this.unzoom())],
      },
    };
  }

  /**
   * @param {number | null} low
   * @param {number | null} high
   * @returns {[number, number]}
   */
  #rangeY(low, high) {
    const levels = (this.#spec?.levels ?? []).map(({ value }) => value);
    const least = Math.min(...levels, low ?? Infinity);
    const most = Math.max(...levels, high ?? -Infinity);
    if (!Number.isFinite(least) || !Number.isFinite(most)) {
      return [0, 1];
    }
    const margin = (most - least || Math.abs(most) || 1) * 0.06;
    return [least - margin, most + margin];
  }

  /** Draws levels and marks. @param {uPlot} plot */
  #annotate(plot) {
    const spec = /** @type {Spec} */ (this.#spec);
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = `${11 * ratio}px ${FAMILY}`;
    ctx.lineWidth = ratio;
    ctx.strokeStyle = ctx.fillStyle = color('--chart-note');
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    for (const { label, value } of spec.levels ?? []) {
      const y = Math.round(plot.valToPos(value, 'y', true));
      stroke(ctx, bbox.left, y, bbox.left + bbox.width, y);
      ctx.textAlign = 'right';
      ctx.textBaseline = y < bbox.top + 16 * ratio ? 'top' : 'bottom';
      write(ctx, label, bbox.left + bbox.width - 4 * ratio, y + (ctx.textBaseline === 'top' ? 2 : -2) * ratio);
    }
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    (spec.marks ?? []).forEach(({ label, x }, i) => {
      const left = Math.round(plot.valToPos(x, 'x', true));
      stroke(ctx, left, bbox.top, left, bbox.top + bbox.height);
      const isRight = left > bbox.left + bbox.width * 0.6;
      ctx.textAlign = isRight ? 'right' : 'left';
      ctx.textBaseline = 'top';
      write(ctx, label, left + (isRight ? -4 : 4) * ratio, bbox.top + (3 + 14 * (i % 3)) * ratio);
    });
    ctx.restore();
  }

  /** Says what the curves are where the pointer is; their last values while there is none. @param {uPlot} plot */
  #read(plot) {
    const spec = /** @type {Spec} */ (this.#spec);
    const { left = -1 } = plot.cursor;
    const x = left < 0 ? undefined : plot.data[0][plot.posToIdx(left)];
    const rows = this.#series
      .filter((line) => !line.faint)
      .map((line) => ({ line, value: x === undefined ? lastOf(line.ys) : nearest(line, x) }))
      .filter((row) => row.value !== undefined);
    if (rows.length > 4) {
      rows.sort((one, other) => /** @type {number} */ (other.value) - /** @type {number} */ (one.value));
    }
    const items = rows.slice(0, MOST_READ).map(({ line, value }) => {
      const item = element('span', 'chart-key');
      const swatch = element('span', `swatch swatch-${line.color % COLORS}`);
      if (line.dash) {
        swatch.classList.add('dashed');
      }
      item.append(swatch, `${line.label} `, strong(spec.formatY(/** @type {number} */ (value))));
      return item;
    });
    const where = element('span', 'chart-where');
    where.textContent = x === undefined ? 'last' : spec.formatX(x);
    const more = rows.length > MOST_READ ? [`and ${rows.length - MOST_READ} more`] : [];
    this.#reading.replaceChildren(...(rows.length > 0 ? [where, ...items, ...more] : ['no values yet']));
  }

  /** @param {uPlot} plot */
  #select(plot) {
    const { left, width } = plot.select;
    if (width > 4) {
      this.#zoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
    }
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }

  /**
   * @param {number} min
   * @param {number} max
   */
  #zoom(min, max) {
    this.#shown = { min, max };
    this.#plot?.setScale('x', this.#shown);
    this.#whole.hidden = false;
    this.#spec?.zoomed?.(min, max);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const plot = this.#plot;
    const xs = plot?.data[0] ?? [];
    if (!plot || xs.length === 0 || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const here = plot.cursor.idx ?? (event.key === 'ArrowLeft' ? xs.length : -1);
    const jump = event.shiftKey ? Math.max(1, Math.round(xs.length / 20)) : 1;
    const target = { ArrowLeft: here - jump, ArrowRight: here + jump, Home: 0, End: xs.length - 1 }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      this.#reading.setAttribute('aria-live', 'polite');
      const x = at(xs, Math.min(xs.length - 1, Math.max(0, target)));
      point(plot, plot.valToPos(x, 'x'), 10);
    } else if (event.key === 'Escape') {
      this.unzoom();
    } else if (event.key === '+' || event.key === '-') {
      event.preventDefault();
      this.#zoomBy(plot, event.key === '+' ? 0.5 : 2);
    }
  }

  /**
   * @param {uPlot} plot
   * @param {number} factor
   */
  #zoomBy(plot, factor) {
    const xs = plot.data[0];
    const { min, max } = this.#shown ?? { min: at(xs, 0), max: at(xs, xs.length - 1) };
    const { idx } = plot.cursor;
    const middle = typeof idx === 'number' ? at(xs, idx) : (min + max) / 2;
    const half = ((max - min) / 2) * factor;
    this.#zoom(middle - half, middle + half);
  }

  #fit() {
    const width = this.#figure.clientWidth;
    if (this.#plot && width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: this.#spec?.height ?? HEIGHT });
    }
  }

  /** @param {HTMLButtonElement} button */
  #toggleTable(button) {
    this.#isTabled = !this.#isTabled;
    button.setAttribute('aria-pressed', String(this.#isTabled));
    this.#table.hidden = !this.#isTabled;
    if (this.#isTabled) {
      this.#fillTable();
    }
  }

  /** What is drawn, a row for each x. @returns {(string | number | null)[][]} */
  #rows() {
    const spec = /** @type {Spec} */ (this.#spec);
    const lines = spec.lines.filter((line) => !line.faint || line.kept);
    const head = lines.flatMap((line) =>
      isBanded(line) ? [line.label, `${line.label} (low)`, `${line.label} (high)`] : [line.label],
    );
    if (lines.length === 0) {
      return [[spec.axis]];
    }
    const [xs, ...columns] = uPlot.join(
      lines.map((line) =>
        isBanded(line) ? [line.xs, line.ys, line.lows ?? [], line.highs ?? []] : [line.xs, line.ys],
      ),
    );
    const where = (/** @type {number} */ x) => (spec.isTime ? new Date(x * 1000).toISOString() : x);
    return [
      [spec.axis, ...head],
      ...Array.from(xs, (x, i) => [where(x), ...columns.map((column) => column[i] ?? null)]),
    ];
  }

  #fillTable() {
    const spec = /** @type {Spec} */ (this.#spec);
    const [head = [], ...rows] = this.#rows();
    const stride = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
    const shown = rows.filter((_, i) => (rows.length - 1 - i) % stride === 0);
    const table = document.createElement('table');
    const caption = table.createCaption();
    caption.textContent =
      spec.title + (stride > 1 ? `: ${shown.length} of ${rows.length} rows; CSV has what is drawn` : '');
    const top = table.createTHead().insertRow();
    for (const text of head) {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = String(text);
      top.append(cell);
    }
    const body = table.createTBody();
    for (const row of shown) {
      const line = body.insertRow();
      for (const value of row) {
        line.insertCell().textContent = value === null ? '' : String(value);
      }
    }
    this.#table.tabIndex = 0;
    this.#table.setAttribute('role', 'region');
    this.#table.setAttribute('aria-label', `Values of ${spec.title}`);
    this.#table.replaceChildren(table);
  }

  #saveTable() {
    save(`${this.#file()}.csv`, 'text/csv', csv(this.#rows()));
  }

  #savePicture() {
    const spec = /** @type {Spec} */ (this.#spec);
    if (this.#plot) {
      savePicture(`${this.#file()}.png`, this.#plot.ctx.canvas, {
        title: spec.file ? `${spec.file}: ${spec.title}` : spec.title,
        background: color('--surface'),
        ink: color('--ink'),
        keys: spec.lines
          .filter((line) => !line.faint)
          .map((line) => ({
            label: line.label,
            color: color(`--series-${line.color % COLORS}`),
            dash: line.dash ?? [],
          })),
      });
    }
  }

  #file() {
    const { file, title } = /** @type {Spec} */ (this.#spec);
    return [file, title]
      .filter(Boolean)
      .join('-')
      .replaceAll(/[^A-Za-z0-9._@-]+/g, '-');
  }
}

/**
 * Moves the pointer of a chart, and of those beside it: to publish it is not in the types of uPlot.
 *
 * @param {uPlot} plot
 * @param {number} left
 * @param {number} top
 */
const point = (plot, left, top) =>
  /** @type {(where: {left: number, top: number}, fires: boolean, publishes: boolean) => void} */ (plot.setCursor)(
    { left, top },
    true,
    true,
  );

const FAMILY = 'system-ui, sans-serif';
const FONT = `12px ${FAMILY}`;

/**
 * @param {string} name
 * @param {string} className
 */
function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

/**
 * @param {string} text
 * @param {string} title
 * @param {(button: HTMLButtonElement) => void} action
 */
function tool(text, title, action) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'tool';
  button.textContent = text;
  button.title = title;
  button.addEventListener('click', () => action(button));
  return button;
}

/** @param {string} text */
function strong(text) {
  const made = document.createElement('b');
  made.textContent = text;
  return made;
}

/** @param {string} name of a property of the page's style */
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @param {string} hex such as #0b62c4
 * @param {number} alpha from 0 to 1
 */
const faded = (hex, alpha) =>
  hex +
  Math.round(alpha * 255)
    .toString(16)
    .padStart(2, '0');

/** What a plot cannot change once it is made. @param {Spec} spec */
const shapeOf = (spec) =>
  JSON.stringify([
    spec.axis,
    spec.isTime,
    spec.isLogarithmic,
    spec.height,
    spec.group,
    spec.lines.map((line) => [line.label, line.color, line.faint, line.dash, isBanded(line), line.xs.length < 2]),
  ]);

/** @param {Line} line */
const isBanded = (line) => line.highs?.some((high) => high !== null) ?? false;

/** A logarithm has no place for what is not above zero. @param {number | null} value */
const positive = (value) => (value !== null && value > 0 ? value : null);

/**
 * @param {Spec} spec
 * @param {number | null} tick null where a logarithmic axis leaves one out
 * @param {number} spacing how far the next one is
 */
const label = (spec, tick, spacing) =>
  tick === null ? '' : spec.formatY(tick, spec.isLogarithmic ? undefined : spacing);

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} fromX
 * @param {number} fromY
 * @param {number} toX
 * @param {number} toY
 */
function stroke(ctx, fromX, fromY, toX, toY) {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/**
 * Writes on a ground of its own, so that it can be read where curves are.
 *
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function write(ctx, text, x, y) {
  const { width, actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = ctx.measureText(text);
  const ink = ctx.fillStyle;
  ctx.fillStyle = faded(color('--surface'), 0.8);
  ctx.fillRect((ctx.textAlign === 'right' ? x - width : x) - 2, y - above - 1, width + 4, above + below + 2);
  ctx.fillStyle = ink;
  ctx.fillText(text, x, y);
}

/** @param {(number | null)[]} ys */
function lastOf(ys) {
  for (let i = ys.length - 1; i >= 0; i--) {
    const y = ys[i];
    if (y !== null && y !== undefined) {
      return y;
    }
  }
  return undefined;
}

/**
 * The value of a line at the point that is nearest, if x lies on it.
 *
 * @param {Line} line
 * @param {number} x
 */
function nearest({ xs, ys }, x) {
  const after = firstFrom(xs, x);
  if (after === xs.length || (after === 0 && xs[0] !== x)) {
    return undefined;
  }
  const isAfter = after === 0 || at(xs, after) - x < x - at(xs, after - 1);
  return ys[isAfter ? after : after - 1] ?? undefined;
}

/** What somebody hears who does not see it. @param {Spec} spec */
function summary(spec) {
  const lines = spec.lines.filter((line) => !line.faint && lastOf(line.ys) !== undefined);
  const said = lines.slice(0, 5).map((line) => {
    const known = /** @type {number[]} */ (line.ys.filter((y) => y !== null));
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const last = spec.formatY(/** @type {number} */ (lastOf(line.ys)));
    const end = spec.formatX(at(line.xs, line.xs.length - 1));
    return `${line.label}: ${last} at ${end}, between ${spec.formatY(low)} and ${spec.formatY(high)} before`;
  });
  const more = lines.length > 5 ? [`and ${lines.length - 5} more curves`] : [];
  return `${spec.title}. ${[...said, ...more].join('; ') || 'No values yet'}. Arrow keys read the values.`;
}

customElements.define('lg-chart', Chart);
