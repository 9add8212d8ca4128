import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type AdapterConfig, adapterSchema } from '../../schemas/settings/training.ts';
import { adapterTensors, adapterValues } from './adapter-tensors.ts';
import type { ModelConfig } from './model-config.ts';
import { encodeSafetensors } from './safetensors-writer.ts';

/**
 * Returns an adapter as one safetensors file. Its kind and settings are in the metadata, so the file alone is
 * enough to use it.
 */
export function encodeAdapter(params: {
  model: ModelConfig;
  adapter: AdapterConfig;
  values: Float32Array;
}): Buffer {
  return encodeSafetensors({
    metadata: { format: 'pt', adapter: JSON.stringify(params.adapter) },
    tensors: adapterTensors(params),
  });
}

/**
 * Reads the output of `encodeAdapter` for this model. Throws ArtifactCorrupt for a damaged or foreign file.
 */
export function decodeAdapter(params: { model: ModelConfig; bytes: Buffer }): {
  adapter: AdapterConfig;
  values: Float32Array;
} {
  const { model, bytes } = params;
  try {
    const end = 8 + Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, end).toString());
    const adapter = adapterSchema.parse(JSON.parse(header.__metadata__.adapter));
    const read = (name: string, length: number): Float32Array => {
      const [from, to] = header[name].data_offsets as [number, number];
      if (to - from !== 4 * length || end + to > bytes.length) throw new Error(`${name} has a wrong length`);
      // Copied, because the bytes may not be aligned to four.
      return new Float32Array(new Uint8Array(bytes.subarray(end + from, end + to)).buffer);
    };
    return { adapter, values: adapterValues({ model, adapter, read }) };
  } catch (cause) {
    throw new DpsynthError({
      type: ErrorType.ArtifactCorrupt,
      message:
        'The adapter file is damaged or belongs to another model: fine-tune again, or use the model that it belongs to.',
      cause,
    });
  }
}
