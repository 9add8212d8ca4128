import { isUtf8 } from 'node:buffer';

/**
 * Returns the offset of the first byte that is not UTF-8. A prefix of valid UTF-8 may end inside a character,
 * so the damage starts only where no slightly shorter prefix is valid either.
 */
export function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    if (validUpTo(bytes, middle)) valid = middle;
    else invalid = middle;
  }
  return validLength(bytes, valid);
}

function validUpTo(bytes: Uint8Array, length: number): boolean {
  return validLength(bytes, length) >= 0;
}

/** Returns the length of the longest valid prefix at most three bytes shorter than `length`, or -1. */
function validLength(bytes: Uint8Array, length: number): number {
  for (let cut = length; cut >= Math.max(0, length - 3); cut--) {
    if (isUtf8(bytes.subarray(0, cut))) return cut;
  }
  return -1;
}
