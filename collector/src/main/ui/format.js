// @ts-check
/** Numbers and times as people read them. */

/** Half the width of an interval of 95 % of a normal distribution, in standard errors. */
export const CONFIDENCE = 1.96;

/** What stands where there is nothing. */
export const NOTHING = '–';

// Formats are made once: that takes longer than to use them.
const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SIGNIFICANT = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/**
 * @param {number | null | undefined} value
 * @param {number} digits after the point
 */
export function fixed(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return NOTHING;
  }
  return value
    .toFixed(digits)
    .replace(/^-(0\.?0*)$/, '$1')
    .replace('-', '−');
}

/**
 * How many digits after the point tell numbers apart that lie so far from each other.
 *
 * @param {number | undefined} spacing
 * @param {number} usual what is taken if there is none
 */
export function decimals(spacing, usual) {
  if (spacing === undefined || !(spacing > 0)) {
    return usual;
  }
  const digits = Math.min(10, Math.max(0, Math.ceil(-Math.log10(spacing) - 1e-9)));
  const units = spacing * 10 ** digits;
  // Steps of 0.025 want one more than 0.02 do.
  return Math.abs(units - Math.round(units)) < 1e-6 ? digits : digits + 1;
}

/**
 * A number of any size, with four digits that count.
 *
 * @param {number | null | undefined} value
 */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return NOTHING;
  }
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e7)) {
    return value.toExponential(2).replace(/-/g, '−');
  }
  return (magnitude >= 1000 ? WHOLE : SIGNIFICANT).format(value).replace('-', '−');
}

/** @param {number | null | undefined} value */
export const whole = (value) => (value === null || value === undefined ? NOTHING : WHOLE.format(value));

/**
 * @param {number | null | undefined} value a share from 0 to 1
 * @param {number} digits after the point
 */
export const percent = (value, digits = 1) =>
  value === null || value === undefined ? NOTHING : fixed(value * 100, digits) + ' %';

/** @param {number} value with its sign */
export const signed = (value, digits = 3) => {
  const text = fixed(value, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? '+' + text : text;
};

/**
 * A time of so many seconds, in the largest unit of which there is one.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds <= 0) {
    return '0 s';
  } else if (seconds < 1) {
    return number(seconds * 1000) + ' ms';
  } else if (seconds < 10) {
    return fixed(seconds, 1).replace(/\.0$/, '') + ' s';
  } else if (seconds < 60) {
    return Math.floor(seconds) + ' s';
  } else if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  } else if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

/**
 * How long ago something was.
 *
 * @param {number} milliseconds
 */
export const ago = (milliseconds) =>
  milliseconds < 1000 ? 'just now' : duration(Math.floor(milliseconds / 1000)) + ' ago';

const MOMENT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

/** @param {string | undefined} time in ISO 8601 */
export const moment = (time) => (time === undefined ? NOTHING : MOMENT.format(new Date(time)));

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** @param {number} bytes */
export function size(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** @param {string} reference a name with its fingerprint: the name */
export const referenceName = (reference) => reference.replace(/@[^@]*$/, '');

/**
 * How many there are of something.
 *
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
export const counted = (count, one, many = one + 's') => `${whole(count)} ${count === 1 ? one : many}`;
