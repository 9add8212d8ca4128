import util from 'node:util';

/** What TensorFlow's JavaScript calls of node:util. Node 22 warns of each call, Node 23 and later have one of them no more. */
const CALLED = {
  isArray: (value: unknown) => Array.isArray(value),
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
};

/**
 * Puts these functions into node:util, for all code of this process. TensorFlow looks for them each time that it computes, so call this
 * where it is loaded.
 */
export function restoreRemovedUtil(target: object = util): void {
  Object.assign(target, CALLED);
}
