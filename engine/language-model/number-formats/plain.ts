import { HALF } from './half.ts';

/** Decodes F32: like every decoder here, fills `out` from `bytes`. */
export function decodeF32(bytes: Uint8Array, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes.subarray(0, out.byteLength));
}

export function decodeF16(bytes: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = HALF[bytes[2 * i] | (bytes[2 * i + 1] << 8)];
}

/** Decodes BF16, the upper half of a float32. */
export function decodeBF16(bytes: Uint8Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) words[i] = (bytes[2 * i] << 16) | (bytes[2 * i + 1] << 24);
}
