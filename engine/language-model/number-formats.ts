import { decodeQ4_0, decodeQ4_1, decodeQ5_0, decodeQ5_1, decodeQ8_0 } from './number-formats/blocks-of-32.ts';
import { decodeQ4_K, decodeQ5_K, decodeQ6_K } from './number-formats/k-quants.ts';
import { decodeBF16, decodeF16, decodeF32 } from './number-formats/plain.ts';

type Layout = {
  /** Numbers and bytes of one storage block. */
  values: number;
  bytes: number;
  /** Decodes whole blocks into all of `out`. */
  decode: (bytes: Uint8Array, out: Float32Array) => void;
};

const LAYOUTS = {
  F32: { values: 1, bytes: 4, decode: decodeF32 },
  F16: { values: 1, bytes: 2, decode: decodeF16 },
  BF16: { values: 1, bytes: 2, decode: decodeBF16 },
  Q4_0: { values: 32, bytes: 18, decode: decodeQ4_0 },
  Q4_1: { values: 32, bytes: 20, decode: decodeQ4_1 },
  Q5_0: { values: 32, bytes: 22, decode: decodeQ5_0 },
  Q5_1: { values: 32, bytes: 24, decode: decodeQ5_1 },
  Q8_0: { values: 32, bytes: 34, decode: decodeQ8_0 },
  Q4_K: { values: 256, bytes: 144, decode: decodeQ4_K },
  Q5_K: { values: 256, bytes: 176, decode: decodeQ5_K },
  Q6_K: { values: 256, bytes: 210, decode: decodeQ6_K },
} as const satisfies Record<string, Layout>;

/** How a weight file stores numbers: the supported formats of GGUF and safetensors. */
export type NumberFormat = keyof typeof LAYOUTS;

export const NUMBER_FORMATS = Object.keys(LAYOUTS) as NumberFormat[];

export function isNumberFormat(name: string | undefined): name is NumberFormat {
  return name !== undefined && Object.hasOwn(LAYOUTS, name);
}

/** Returns the number of values in one storage block: 1 for plain numbers. */
export function blockValues(format: NumberFormat): number {
  return LAYOUTS[format].values;
}

/** Returns the number of bytes of `values` numbers, which must fill whole blocks. */
export function storedBytes(format: NumberFormat, values: number): number {
  const { values: block, bytes } = LAYOUTS[format];
  return (values / block) * bytes;
}

/** Decodes whole blocks of stored numbers to float32, filling `out`. */
export function decodeNumbers(params: { format: NumberFormat; bytes: Uint8Array; out: Float32Array }): void {
  LAYOUTS[params.format].decode(params.bytes, params.out);
}
