import { createHmac, randomBytes } from 'node:crypto';
import { invalidConfig } from '../../schemas/errors.ts';

const KEY_BYTES = 32;
const keyBrand: unique symbol = Symbol('run key');

/**
 * The secret that determines the batch choice and the noise of every step. Whoever holds it can undo the
 * privacy of the run, so it stays under private/, is never logged, and is destroyed when the run is released.
 * The bytes are not enumerable, so printing a key shows nothing.
 */
export type RunKey = {
  readonly [keyBrand]: Buffer;
};

/** Returns a fresh key from the operating system's CSPRNG. */
export function newRunKey(): RunKey {
  return runKeyFromBytes(randomBytes(KEY_BYTES));
}

/** @throws InvalidConfig unless there are exactly 32 bytes */
export function runKeyFromBytes(bytes: Uint8Array): RunKey {
  if (bytes.length !== KEY_BYTES)
    throw invalidConfig(`a run key has ${KEY_BYTES} bytes, not ${bytes.length}. Make one with newRunKey().`);
  return Object.defineProperty({}, keyBrand, { value: Buffer.from(bytes), enumerable: false }) as RunKey;
}

/**
 * Returns the key of one training under a run key: HMAC-SHA256 over what is trained. If a run started again
 * with other settings under its old key, the same noise would cover two different sums, and their difference
 * would show the records. Bound keys share nothing.
 */
export function bindRunKey(key: RunKey, training: string): RunKey {
  return runKeyFromBytes(createHmac('sha256', key[keyBrand]).update(training).digest());
}

/** Returns the 32 bytes, to be stored under private/ only. */
export function runKeyToBytes(key: RunKey): Buffer {
  return Buffer.from(key[keyBrand]);
}
