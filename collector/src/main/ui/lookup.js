// @ts-check
/** Looking things up. */

/**
 * An element that is known to be there.
 *
 * @template T
 * @param {ArrayLike<T>} array
 * @param {number} i from 0 to below its length
 */
export const at = (array, i) => /** @type {T} */ (array[i]);

/**
 * The number of the first that is not below a value; as many as there are if all are.
 *
 * @param {number[]} ascending
 * @param {number} value
 */
export function firstFrom(ascending, value) {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(ascending, middle) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/**
 * What an object has under a name that somebody else chose, and that may be one that all objects have, as
 * `constructor`.
 *
 * @template T
 * @param {Record<string, T> | undefined} object
 * @param {string} name
 */
export const own = (object, name) => (object && Object.hasOwn(object, name) ? object[name] : undefined);
