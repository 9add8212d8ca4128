import { writeFile } from 'node:fs/promises';

const ALIGNMENT = 32;
const TYPES = { int32: 5, float32: 6, string: 8, array: 9 };

/** A value of GGUF metadata. Whole numbers are written as int32, others as float32. */
export type GgufValue = number | string | readonly (number | string)[];

/** A tensor of F32 numbers, or of bytes in another number format, given by its number in GGUF. */
type TensorToWrite = { shape: number[]; values: Float32Array | Uint8Array; format?: number };

/** Writes a GGUF file (version 3) for tests; shapes are given with the slowest dimension first. */
export async function writeGguf(
  path: string,
  metadata: Record<string, GgufValue>,
  tensors: Record<string, TensorToWrite>,
): Promise<void> {
  const header: Buffer[] = [Buffer.from('GGUF'), u32(3)];
  header.push(u64(Object.keys(tensors).length), u64(Object.keys(metadata).length));
  for (const [key, value] of Object.entries(metadata)) {
    header.push(text(key), u32(typeOf(value)));
    if (Array.isArray(value)) header.push(u32(typeOf(value[0])), u64(value.length), ...value.map(scalar));
    else header.push(scalar(value as number | string));
  }
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, values, format = 0 }] of Object.entries(tensors)) {
    header.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(format), u64(offset));
    const body = pad(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    bodies.push(body);
    offset += body.length;
  }
  await writeFile(path, Buffer.concat([pad(Buffer.concat(header)), ...bodies]));
}

function typeOf(value: GgufValue): number {
  if (typeof value === 'string') return TYPES.string;
  if (typeof value === 'number') return Number.isInteger(value) ? TYPES.int32 : TYPES.float32;
  return TYPES.array;
}

function scalar(value: number | string): Buffer {
  if (typeof value === 'string') return text(value);
  const bytes = Buffer.alloc(4);
  if (Number.isInteger(value)) bytes.writeInt32LE(value);
  else bytes.writeFloatLE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
}

function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)]);
}
