import { halfAt } from './half.ts';

// The "K" formats of GGUF: blocks of 256 numbers in groups of 32 or 16, whose scales are quantized
// themselves. Layouts: `block_q4_K` to `block_q6_K` of ggml-common.h, read as `dequantize_row_q4_K` to
// `_q6_K` of ggml-quants.c do (github.com/ggml-org/ggml).

/**
 * 144 bytes: scale, scale of the minima, 12 bytes of 6-bit scales and minima for 8 groups, 128 bytes of
 * nibbles.
 */
export function decodeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 144, to += 256)
    decodeNibbles(bytes, at, at + 16, 0, out, to);
}

/**
 * Decodes blocks of 176 bytes: like Q4_K, with 32 bytes of fifth bits before the nibbles: bit g of byte i
 * belongs to number i of group g.
 */
export function decodeQ5_K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 176, to += 256)
    decodeNibbles(bytes, at, at + 48, at + 16, out, to);
}

/** Decodes one block of Q4_K or Q5_K. `fifths` is where the fifth bits begin, or 0 if there are none. */
function decodeNibbles(
  bytes: Uint8Array,
  at: number,
  nibbles: number,
  fifths: number,
  out: Float32Array,
  to: number,
): void {
  const scale = halfAt(bytes, at);
  const minimumScale = halfAt(bytes, at + 2);
  for (let group = 0; group < 8; group++) {
    const groupScale = scale * groupScaleBits(bytes, at + 4, group);
    const minimum = minimumScale * groupMinimumBits(bytes, at + 4, group);
    // Two groups share 32 bytes: the even group has the low nibbles, the odd group the high ones.
    const from = nibbles + 32 * (group >> 1);
    const shift = 4 * (group & 1);
    for (let i = 0; i < 32; i++) {
      const fifth = fifths === 0 ? 0 : ((bytes[fifths + i] >> group) & 1) << 4;
      out[to + 32 * group + i] = groupScale * (((bytes[from + i] >> shift) & 15) | fifth) - minimum;
    }
  }
}

/**
 * Returns the 6-bit scale of a group. For groups 4 to 7 the low nibble and the two high bits are stored
 * apart.
 */
function groupScaleBits(bytes: Uint8Array, from: number, group: number): number {
  if (group < 4) return bytes[from + group] & 63;
  return (bytes[from + 4 + group] & 15) | ((bytes[from + group - 4] >> 6) << 4);
}

/** Returns the 6-bit minimum of a group, from the same 12 bytes. */
function groupMinimumBits(bytes: Uint8Array, from: number, group: number): number {
  if (group < 4) return bytes[from + 4 + group] & 63;
  return (bytes[from + 4 + group] >> 4) | ((bytes[from + group] >> 6) << 4);
}

/**
 * Decodes blocks of 210 bytes: 128 bytes of low nibbles, 64 bytes of two high bits each, 16 signed bytes of
 * scales for groups of 16, scale. A number is scale * groupScale * (q - 32), q of 6 bits. Each half block of
 * 128 numbers is four runs of 32, which share 64 bytes of nibbles (runs 0 and 1 the low ones, 2 and 3 the
 * high ones) and 32 bytes of high bits.
 */
export function decodeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 210, to += 256) {
    const scale = halfAt(bytes, at + 208);
    for (let run = 0; run < 8; run++) {
      const half = run >> 2;
      const nibbles = at + 64 * half + 32 * (run & 1);
      const shift = run & 2 ? 4 : 0;
      const highs = at + 128 + 32 * half;
      for (let i = 0; i < 32; i++) {
        const high = (bytes[highs + i] >> (2 * (run & 3))) & 3;
        const q = ((bytes[nibbles + i] >> shift) & 15) | (high << 4);
        const groupScale = (bytes[at + 192 + 2 * run + (i >> 4)] << 24) >> 24;
        out[to + 32 * run + i] = scale * groupScale * (q - 32);
      }
    }
  }
}
