import util from 'node:util';

/**
 * The functions of node:util called by TensorFlow's JavaScript. Node 22 warns about each call; Node 23
 * removed one of them.
 */
const CALLED = {
  isArray: (value: unknown) => Array.isArray(value),
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
};

/**
 * Puts these functions into node:util for all code of this process. TensorFlow looks them up at every
 * computation, so call this where it is loaded.
 */
export function restoreRemovedUtil(target: object = util): void {
  Object.assign(target, CALLED);
}
