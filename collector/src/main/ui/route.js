// @ts-check
/**
 * What is shown, as the fragment of the address says it: `#/runs/lr-0.01?layer=encoder`. A fragment needs nothing
 * of the server, and works behind a proxy that serves the page under a path of its own.
 */

/**
 * @typedef {object} Route
 * @property {string[]} path its parts, decoded
 * @property {URLSearchParams} query
 */

/**
 * @param {string} fragment with or without its #
 * @returns {Route}
 */
export function parseRoute(fragment) {
  const text = fragment.replace(/^#?\/?/, '');
  const [path = '', query = ''] = splitOnce(text, '?');
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: new URLSearchParams(query),
  };
}

/**
 * @param {string} text
 * @param {string} separator
 */
function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * The fragment of a route.
 *
 * @param {string[]} path
 * @param {Record<string, string | string[] | undefined>} [query] what is undefined or empty is left out
 */
export function link(path, query = {}) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one) {
        parameters.append(name, one);
      }
    }
  }
  const text = parameters.toString();
  return '#/' + path.map(encodeURIComponent).join('/') + (text && '?' + text);
}

/** Browsers refuse an address that changes more often than some hundred times in half a minute. */
const SETTLED_AFTER_MS = 400;

/** What the address will be, when nothing more is changed. @type {string | undefined} */
let pending;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** The present route. */
export const here = () => parseRoute(pending ?? location.hash);

/**
 * Changes some parameters of the present route, without a step in the history of the browser: to go back is to go
 * to another page, not through every letter of a filter.
 *
 * @param {Record<string, string | string[] | undefined>} changes what is undefined or empty is taken away
 */
export function change(changes) {
  const { path, query } = here();
  /** @type {Record<string, string | string[] | undefined>} */
  const after = {};
  for (const name of new Set(query.keys())) {
    after[name] = query.getAll(name);
  }
  pending = link(path, { ...after, ...changes });
  clearTimeout(timer);
  timer = setTimeout(settle, SETTLED_AFTER_MS);
  dispatchEvent(new Event('latentgauge.route'));
}

/** Says in the address what was changed. */
function settle() {
  clearTimeout(timer);
  if (pending !== undefined) {
    history.replaceState(null, '', pending);
    pending = undefined;
  }
}

/**
 * Follows the route.
 *
 * @param {() => void} changed
 */
export function follow(changed) {
  // Whoever leaves by a link comes back to what the page was then.
  addEventListener('click', settle, true);
  addEventListener('pagehide', settle);
  addEventListener('latentgauge.route', changed);
  addEventListener('hashchange', () => {
    clearTimeout(timer);
    pending = undefined;
    changed();
  });
}
