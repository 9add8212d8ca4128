import { createHmac, randomBytes } from 'node:crypto';
import { invalidConfig } from '../../schemas/errors.ts';

const KEY_BYTES = 32;
const keyBrand: unique symbol = Symbol('run key');

/**
 * The secret from which batch choice and noise of every step follow. Whoever holds it can undo the privacy of the run: it stays under
 * private/, is never logged and is destroyed when the run is released. The bytes are not enumerable, so printing a key shows nothing.
 */
export type RunKey = {
  readonly [keyBrand]: Buffer;
};

/** A fresh key from the operating system's CSPRNG. */
export function newRunKey(): RunKey {
  return runKeyFromBytes(randomBytes(KEY_BYTES));
}

/** @throws InvalidConfig unless there are exactly 32 bytes */
export function runKeyFromBytes(bytes: Uint8Array): RunKey {
  if (bytes.length !== KEY_BYTES)
    throw invalidConfig(`a run key has ${KEY_BYTES} bytes, not ${bytes.length}; make one with newRunKey().`);
  return Object.defineProperty({}, keyBrand, { value: Buffer.from(bytes), enumerable: false }) as RunKey;
}

/**
 * The key of one training under a run key: HMAC-SHA256 over what is trained. Were a run started again with other settings under the key
 * it had, the same noise would cover two unlike sums, and their difference would show the records; bound keys share nothing.
 */
export function bindRunKey(key: RunKey, training: string): RunKey {
  return runKeyFromBytes(createHmac('sha256', key[keyBrand]).update(training).digest());
}

/** The 32 bytes, to be stored under private/ only. */
export function runKeyToBytes(key: RunKey): Buffer {
  return Buffer.from(key[keyBrand]);
}
