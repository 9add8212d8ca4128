import { createCipheriv, hkdfSync } from 'node:crypto';
import { type RunKey, runKeyToBytes } from './run-key.ts';

/** What a keystream is for. Streams of different purposes or steps are independent. */
export type KeystreamPurpose = 'draw' | 'noise' | 'clipping-count' | 'label-histogram' | 'selection';

/**
 * How much keystream is made at a time: little at first, since many streams are hardly used, then twice as
 * much each time.
 */
const CHUNK_BYTES = { first: 1 << 12, most: 1 << 17 } as const;
const ZEROS = Buffer.alloc(CHUNK_BYTES.most);

export type Keystream = {
  /** Fills `target` with integers uniform on [0, 2^53), one per 8 bytes of keystream. */
  fillUniform53(target: Float64Array): void;
};

/**
 * Opens the AES-256-CTR keystream for one purpose and step, under a key derived from the run key by
 * HKDF-SHA256. The same arguments give the same stream on every machine, so a resumed step repeats its draw
 * and its noise.
 */
export function openKeystream(params: {
  runKey: RunKey;
  purpose: KeystreamPurpose;
  step: number;
}): Keystream {
  const info = `dpsynth/v1/${params.purpose}/${params.step}`;
  const key = new Uint8Array(hkdfSync('sha256', runKeyToBytes(params.runKey), Buffer.alloc(0), info, 32));
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  let words = new Uint32Array(0);
  let position = 0;
  let bytes: number = CHUNK_BYTES.first;
  const refill = () => {
    const block = cipher.update(ZEROS.subarray(0, bytes));
    // Copied only if the bytes do not start at a multiple of four.
    words =
      block.byteOffset % 4 === 0
        ? new Uint32Array(block.buffer, block.byteOffset, bytes / 4)
        : new Uint32Array(new Uint8Array(block).buffer);
    position = 0;
    bytes = Math.min(2 * bytes, CHUNK_BYTES.most);
  };
  return {
    fillUniform53(target) {
      for (let k = 0; k < target.length; ) {
        if (position === words.length) refill();
        const until = Math.min(target.length, k + (words.length - position) / 2);
        let word = position;
        for (; k < until; k++, word += 2)
          target[k] = (words[word] >>> 5) * 67108864 + (words[word + 1] >>> 6);
        position = word;
      }
    },
  };
}
