import { halfAt } from './half.ts';

// The older quantized formats of GGUF: blocks of 32 numbers that share one half-precision scale, and in the
// `_1` formats a half-precision minimum. The first 16 numbers are the low nibbles of 16 bytes, the others the
// high ones. Layouts: `block_q4_0` to `block_q8_0` of ggml-common.h in ggml (github.com/ggml-org/ggml).

/** Decodes blocks of 18 bytes: scale, 16 bytes of nibbles q. A number is scale * (q - 8). */
export function decodeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 18, to += 32) {
    const scale = halfAt(bytes, at);
    for (let i = 0; i < 16; i++) {
      const pair = bytes[at + 2 + i];
      out[to + i] = scale * ((pair & 15) - 8);
      out[to + 16 + i] = scale * ((pair >> 4) - 8);
    }
  }
}

/** Decodes blocks of 20 bytes: scale, minimum, 16 bytes of nibbles q. A number is scale * q + minimum. */
export function decodeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 20, to += 32) {
    const scale = halfAt(bytes, at);
    const minimum = halfAt(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const pair = bytes[at + 4 + i];
      out[to + i] = scale * (pair & 15) + minimum;
      out[to + 16 + i] = scale * (pair >> 4) + minimum;
    }
  }
}

/**
 * Decodes blocks of 22 bytes: scale, 32 fifth bits, 16 bytes of nibbles. A number is scale * (q - 16), q of 5
 * bits.
 */
export function decodeQ5_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 22, to += 32) {
    const scale = halfAt(bytes, at);
    for (let i = 0; i < 16; i++) {
      const pair = bytes[at + 6 + i];
      out[to + i] = scale * (((pair & 15) | fifthBit(bytes, at + 2, i)) - 16);
      out[to + 16 + i] = scale * (((pair >> 4) | fifthBit(bytes, at + 2, i + 16)) - 16);
    }
  }
}

/**
 * 24 bytes: scale, minimum, 32 fifth bits, 16 bytes of nibbles. A number is scale * q + minimum, q of 5 bits.
 */
export function decodeQ5_1(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 24, to += 32) {
    const scale = halfAt(bytes, at);
    const minimum = halfAt(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const pair = bytes[at + 8 + i];
      out[to + i] = scale * ((pair & 15) | fifthBit(bytes, at + 4, i)) + minimum;
      out[to + 16 + i] = scale * ((pair >> 4) | fifthBit(bytes, at + 4, i + 16)) + minimum;
    }
  }
}

/** Decodes blocks of 34 bytes: scale, 32 signed bytes q. A number is scale * q. */
export function decodeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 34, to += 32) {
    const scale = halfAt(bytes, at);
    for (let i = 0; i < 32; i++) out[to + i] = scale * ((bytes[at + 2 + i] << 24) >> 24);
  }
}

/** Returns bit i of the 32 bits from a byte on, as the bit with value 16. */
function fifthBit(bytes: Uint8Array, from: number, i: number): number {
  return ((bytes[from + (i >> 3)] >> (i & 7)) & 1) << 4;
}
