// @ts-check
/**
 * Which runs are shown: the text that somebody types to find some.
 *
 * Words apart by spaces must all hold. `lr:0.1` (or `lr=0.1`) asks for a tag of this value, and so do `state:`,
 * `model:`, `dataset:`, `layer:` and `reference:` for what is not a tag; `/^cnn-\d+$/` is a regular expression for
 * the name, of those that are quick; anything else must be part of the name, the model, the data set or a tag, in capitals or not. A `-`
 * before a word asks for its opposite, and quotes keep spaces: `optimizer:"adam w"`; in them `""` is a quote.
 */

import { referenceName } from './format.js';
import { own } from './lookup.js';

/** @typedef {import('./api.js').Run} Run */
/** @typedef {(run: Run) => boolean} Test */

const WORD = /-?(?:\/(?:[^/\\]|\\.)*\/|(?:"[^"]*"|[^\s"])+)/g;
const FIELD = /^([A-Za-z][A-Za-z0-9_.-]*)[:=](.*)$/s;

/** @type {Record<string, (run: Run) => string[]>} */
const FIELDS = {
  state: (run) => [run.state],
  model: (run) => [run.model ?? ''],
  dataset: (run) => [run.dataset ?? ''],
  layer: (run) => run.latest.map((observation) => observation.layer),
  reference: (run) => run.latest.flatMap(({ reference }) => [reference, referenceName(reference)]),
};

/**
 * @param {string} text what was typed
 * @returns {Test}
 * @throws {SyntaxError} if a regular expression in it is none
 */
export function parseFilter(text) {
  const tests = (text.match(WORD) ?? []).map(parseWord);
  return (run) => tests.every((test) => test(run));
}

/**
 * @param {string} word
 * @returns {Test}
 */
function parseWord(word) {
  if (word.length > 1 && word.startsWith('-')) {
    const test = parseWord(word.slice(1));
    return (run) => !test(run);
  }
  if (word.length > 2 && word.startsWith('/') && word.endsWith('/')) {
    const pattern = new RegExp(requireQuick(word.slice(1, -1)));
    return (run) => pattern.test(run.name);
  }
  const field = FIELD.exec(word);
  return field ? hasField(/** @type {string} */ (field[1]), unquoted(/** @type {string} */ (field[2]))) : hasPart(word);
}

/** With so many a name of 128 characters takes microseconds. */
const MOST_REPETITIONS = 3;

/**
 * A link can bring an expression along, and one that repeats what repeats takes for ever.
 *
 * @param {string} pattern
 * @throws {SyntaxError} if it may take long
 */
function requireQuick(pattern) {
  // What is escaped, or in brackets, repeats nothing.
  const bare = pattern.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  if (/\)[*+{]/.test(bare) || /\\[1-9k]/.test(pattern) || (bare.match(/[*+{]/g) ?? []).length > MOST_REPETITIONS) {
    throw new SyntaxError(
      `A regular expression here must repeat no group, refer to none, and have at most ${MOST_REPETITIONS} repetitions.`,
    );
  }
  return pattern;
}

/**
 * @param {string} name
 * @param {string} value
 * @returns {Test}
 */
function hasField(name, value) {
  const field = own(FIELDS, name);
  return (run) => own(run.tags, name) === value || (field?.(run) ?? []).includes(value);
}

/**
 * @param {string} word
 * @returns {Test}
 */
function hasPart(word) {
  const part = unquoted(word).toLowerCase();
  return (run) =>
    [run.name, run.model ?? '', run.dataset ?? '', ...Object.values(run.tags)].some((text) =>
      text.toLowerCase().includes(part),
    );
}

/** @param {string} text */
const unquoted = (text) =>
  text.replaceAll(/"((?:[^"]|"")*)"/g, (_, /** @type {string} */ inner) => inner.replaceAll('""', '"'));

/**
 * A word that asks for a tag.
 *
 * @param {string} name
 * @param {string} value
 */
export const tagWord = (name, value) =>
  /[\s"]/.test(value) ? `${name}:"${value.replaceAll('"', '""')}"` : `${name}:${value}`;

/**
 * Adds a word to what was typed, or takes it away if it is there.
 *
 * @param {string} text
 * @param {string} word
 */
export function toggled(text, word) {
  /** @type {string[]} */
  const words = text.match(WORD) ?? [];
  return (words.includes(word) ? words.filter((other) => other !== word) : [...words, word]).join(' ');
}
