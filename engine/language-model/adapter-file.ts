import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type LoraConfig, loraSchema } from '../../schemas/experiment.ts';
import { type LoraSite, loraLayout, siteValues } from './lora.ts';
import type { ModelConfig } from './model-config.ts';

/**
 * An adapter as one safetensors file under PEFT's tensor names: lora_A [rank, inputs], lora_B [outputs, rank]. Its
 * shape (rank, alpha, matrices, blocks) stands in the metadata, so the file alone is enough to use it.
 */
export function encodeAdapter(params: {
  model: ModelConfig;
  adapter: LoraConfig;
  values: Float32Array;
}): Buffer {
  const { model, adapter, values } = params;
  const header: Record<string, unknown> = {
    __metadata__: { format: 'pt', adapter: JSON.stringify(adapter) },
  };
  const bodies: Buffer[] = [];
  let offset = 0;
  const add = (name: string, shape: [number, number], data: Float32Array) => {
    const body = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + body.length] };
    bodies.push(body);
    offset += body.length;
  };
  for (const site of loraLayout(model, adapter).sites) {
    const { inputs, outputs, rank } = site;
    const { a, b } = siteValues(site, values);
    add(`${tensorName(site)}.lora_A.weight`, [rank, inputs], transpose(a, inputs, rank));
    add(`${tensorName(site)}.lora_B.weight`, [outputs, rank], transpose(b, rank, outputs));
  }
  const json = Buffer.from(JSON.stringify(header));
  // Readers want the tensors at a multiple of eight; spaces after JSON mean nothing.
  const padding = Buffer.alloc((8 - (json.length % 8)) % 8, ' ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding, ...bodies]);
}

/** Reads what `encodeAdapter` wrote, for this model. Throws ArtifactCorrupt for a damaged or foreign file. */
export function decodeAdapter(params: { model: ModelConfig; bytes: Buffer }): {
  adapter: LoraConfig;
  values: Float32Array;
} {
  const { model, bytes } = params;
  try {
    const end = 8 + Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, end).toString());
    const adapter = loraSchema.parse(JSON.parse(header.__metadata__.adapter));
    const layout = loraLayout(model, adapter);
    const values = new Float32Array(layout.values);
    const read = (name: string, length: number): Float32Array => {
      const [from, to] = header[name].data_offsets as [number, number];
      if (to - from !== 4 * length) throw new Error(`${name} has a wrong length`);
      return new Float32Array(Uint8Array.from(bytes.subarray(end + from, end + to)).buffer);
    };
    for (const site of layout.sites) {
      const { inputs, outputs, rank } = site;
      const { a, b } = siteValues(site, values);
      a.set(transpose(read(`${tensorName(site)}.lora_A.weight`, inputs * rank), rank, inputs));
      b.set(transpose(read(`${tensorName(site)}.lora_B.weight`, outputs * rank), outputs, rank));
    }
    return { adapter, values };
  } catch (cause) {
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message:
        'The adapter file is damaged or belongs to another model: fine-tune again, or give its own model.',
      cause,
    });
  }
}

function tensorName({ block, matrix }: LoraSite): string {
  const layer = ['gate', 'up', 'down'].includes(matrix) ? 'mlp' : 'self_attn';
  return `base_model.model.model.layers.${block}.${layer}.${matrix}_proj`;
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column];
  return out;
}
