/**
 * One tensor to write, as float32. `values` is called only when the tensor is written, so memory never holds
 * a whole model.
 */
export type TensorToWrite = {
  name: string;
  shape: readonly number[];
  values: () => Float32Array | Promise<Float32Array>;
};

const FLOAT_BYTES = 4;
/** Readers expect the tensors to begin at a multiple of eight; spaces after the JSON are ignored. */
const ALIGNMENT = 8;

/**
 * Yields a safetensors file piece by piece: 8 bytes of header length, the JSON header, then the tensors in
 * the given order. The format allows only texts in `metadata`; PyTorch's readers look for `format: 'pt'`.
 * Throws RangeError if values do not fill their shape.
 */
export async function* safetensorsChunks(params: {
  tensors: readonly TensorToWrite[];
  metadata?: Record<string, string>;
}): AsyncGenerator<Uint8Array> {
  yield encodeHeader(params);
  for (const { name, shape, values } of params.tensors) yield bodyOf(name, shape, await values());
}

/** Returns the same file as one buffer, for tensors already in memory. */
export function encodeSafetensors(params: {
  tensors: readonly { name: string; shape: readonly number[]; values: Float32Array }[];
  metadata?: Record<string, string>;
}): Buffer {
  return Buffer.concat([
    encodeHeader(params),
    ...params.tensors.map(({ name, shape, values }) => bodyOf(name, shape, values)),
  ]);
}

function encodeHeader(params: {
  tensors: readonly { name: string; shape: readonly number[] }[];
  metadata?: Record<string, string>;
}): Buffer {
  const { tensors, metadata } = params;
  let offset = 0;
  const entries = tensors.map(({ name, shape }) => {
    const from = offset;
    offset += FLOAT_BYTES * valuesIn(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [from, offset] }];
  });
  const all = metadata === undefined ? entries : [['__metadata__', metadata], ...entries];
  const json = Buffer.from(JSON.stringify(Object.fromEntries(all)));
  const padding = Buffer.alloc((ALIGNMENT - (json.length % ALIGNMENT)) % ALIGNMENT, ' ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding]);
}

function bodyOf(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  if (values.length !== valuesIn(shape))
    throw new RangeError(`Tensor ${name} has ${values.length} values, its shape is [${shape}].`);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function valuesIn(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
