// @ts-check
/** What somebody takes away from a page: tables as CSV, charts as PNG. */

import { at } from './lookup.js';

/**
 * A table as CSV (RFC 4180).
 *
 * @param {(string | number | boolean | null | undefined)[][]} rows
 */
export const csv = (rows) => rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';

/**
 * A spreadsheet takes a text that begins like a formula for one, and runs it: such a text gets an apostrophe. Numbers
 * are left as they are, negative ones too.
 *
 * @param {string | number | boolean | null | undefined} value
 */
function cell(value) {
  if (typeof value !== 'string') {
    return value === null || value === undefined ? '' : String(value);
  }
  const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

/**
 * Saves a text where the browser saves downloads.
 *
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export const save = (name, type, text) => saveBlob(name, new Blob([text], { type: type + ';charset=utf-8' }));

/**
 * @param {string} name
 * @param {Blob} blob
 */
function saveBlob(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it by then, also where it asks for a place first.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @typedef {{label: string, color: string, dash: number[]}} Key */

const PADDING = 12;
const LINE = 20;

/**
 * Saves a chart as it is drawn, with its title and a key of its colours.
 *
 * @param {string} name
 * @param {HTMLCanvasElement} chart
 * @param {{title: string, background: string, ink: string, keys: Key[]}} words
 */
export function savePicture(name, chart, { title, background, ink, keys }) {
  const ratio = devicePixelRatio;
  const canvas = document.createElement('canvas');
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const font = '13px system-ui, sans-serif';
  context.font = font;
  const width = Math.max(chart.width / ratio, 320) + 2 * PADDING;
  const rows = laidOut(keys, width - 2 * PADDING, (text) => context.measureText(text).width);
  canvas.width = width * ratio;
  canvas.height = (2 * PADDING + LINE * (1.5 + rows.length)) * ratio + chart.height;
  context.scale(ratio, ratio);
  context.fillStyle = background;
  context.fillRect(0, 0, width, canvas.height);
  context.fillStyle = ink;
  context.textBaseline = 'top';
  context.font = 'bold 14px system-ui, sans-serif';
  context.fillText(title, PADDING, PADDING, width - 2 * PADDING);
  context.drawImage(chart, PADDING, PADDING + 1.5 * LINE, chart.width / ratio, chart.height / ratio);
  context.font = font;
  rows.forEach((row, i) => {
    const y = PADDING + (1.5 + i) * LINE + chart.height / ratio;
    for (const { left, label, color, dash } of row) {
      context.strokeStyle = color;
      context.lineWidth = 3;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(PADDING + left, y + 7);
      context.lineTo(PADDING + left + 14, y + 7);
      context.stroke();
      context.fillStyle = ink;
      context.fillText(label, PADDING + left + 18, y);
    }
  });
  canvas.toBlob((blob) => blob && saveBlob(name, blob));
}

/**
 * Keys in rows that are no wider than there is room.
 *
 * @param {Key[]} keys
 * @param {number} room
 * @param {(text: string) => number} measure
 */
function laidOut(keys, room, measure) {
  /** @type {(Key & {left: number})[][]} */
  const rows = [];
  let left = Infinity;
  for (const key of keys) {
    const width = measure(key.label) + 36;
    if (left + width > room) {
      rows.push([]);
      left = 0;
    }
    at(rows, rows.length - 1).push({ left, ...key });
    left += width;
  }
  return rows;
}
