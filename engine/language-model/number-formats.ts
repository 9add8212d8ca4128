/** How a weight file stores numbers: the formats of GGUF and safetensors that are read here. */
export type NumberFormat = 'F32' | 'F16' | 'BF16' | 'Q4_1' | 'Q8_0';

/** Values and bytes of one storage block of a format. */
const BLOCK: Record<NumberFormat, { values: number; bytes: number }> = {
  F32: { values: 1, bytes: 4 },
  F16: { values: 1, bytes: 2 },
  BF16: { values: 1, bytes: 2 },
  Q4_1: { values: 32, bytes: 20 },
  Q8_0: { values: 32, bytes: 34 },
};

export function storedBytes(format: NumberFormat, values: number): number {
  const block = BLOCK[format];
  return (values / block.values) * block.bytes;
}

/** float32 of all 65,536 half-precision bit patterns: a look-up beats arithmetic by an order of magnitude. */
const HALF = new Float32Array(65_536);
for (let bits = 0; bits < 65_536; bits++) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) HALF[bits] = sign * fraction * 2 ** -24;
  else if (exponent === 31) HALF[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  else HALF[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Decodes stored numbers to float32.
 * Q4_1: blocks of 32 as d*q + m, f16 d and m, low nibbles first. Q8_0: blocks of 32 as d*q, f16 d, int8 q.
 */
export function decodeNumbers(params: {
  format: NumberFormat;
  bytes: Uint8Array;
  values: number;
}): Float32Array {
  const { format, bytes, values } = params;
  const out = new Float32Array(values);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'F32':
      new Uint8Array(out.buffer).set(bytes.subarray(0, values * 4));
      break;
    case 'F16':
      for (let i = 0; i < values; i++) out[i] = HALF[view.getUint16(2 * i, true)];
      break;
    case 'BF16': {
      const words = new Uint32Array(out.buffer);
      for (let i = 0; i < values; i++) words[i] = view.getUint16(2 * i, true) << 16;
      break;
    }
    case 'Q4_1':
      for (let block = 0; block < values / 32; block++) {
        const at = block * 20;
        const scale = HALF[view.getUint16(at, true)];
        const minimum = HALF[view.getUint16(at + 2, true)];
        for (let i = 0; i < 16; i++) {
          const pair = bytes[at + 4 + i];
          out[block * 32 + i] = scale * (pair & 15) + minimum;
          out[block * 32 + 16 + i] = scale * (pair >> 4) + minimum;
        }
      }
      break;
    case 'Q8_0':
      for (let block = 0; block < values / 32; block++) {
        const at = block * 34;
        const scale = HALF[view.getUint16(at, true)];
        for (let i = 0; i < 32; i++) out[block * 32 + i] = scale * view.getInt8(at + 2 + i);
      }
      break;
  }
  return out;
}
