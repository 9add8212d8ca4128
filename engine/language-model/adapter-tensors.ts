import type { AdapterConfig } from '../../schemas/settings/training.ts';
import { type LoraSite, loraLayout } from './lora-layout.ts';
import type { ModelConfig } from './model-config.ts';
import { weightSpecs } from './weights.ts';

/** One tensor of an adapter with the name and layout of its file. `values` is a copy. */
export type AdapterTensor = { name: string; shape: number[]; values: Float32Array };

/**
 * Returns the tensors of an adapter from its flat vector. LoRA and soft prompts have PEFT's names and
 * layouts: lora_A [rank, inputs] and lora_B [outputs, rank] with Llama's module names, and prompt_embeddings
 * [length, width]. Full fine-tuning has the names of weights.ts.
 */
export function adapterTensors(params: {
  model: ModelConfig;
  adapter: AdapterConfig;
  values: Float32Array;
}): AdapterTensor[] {
  const { model, adapter, values } = params;
  return placesOf(model, adapter).map(({ name, shape, offset, transposed }) => {
    const own = values.subarray(offset, offset + shape[0] * (shape[1] ?? 1));
    return { name, shape, values: transposed ? transpose(own, shape[1], shape[0]) : own };
  });
}

/** Returns the flat vector of an adapter. `read` returns a tensor's values by name, or throws. */
export function adapterValues(params: {
  model: ModelConfig;
  adapter: AdapterConfig;
  read: (name: string, length: number) => Float32Array;
}): Float32Array {
  const { model, adapter, read } = params;
  const places = placesOf(model, adapter);
  const length = places.reduce((sum, { shape }) => sum + shape[0] * (shape[1] ?? 1), 0);
  const values = new Float32Array(length);
  for (const { name, shape, offset, transposed } of places) {
    const stored = read(name, shape[0] * (shape[1] ?? 1));
    values.set(transposed ? transpose(stored, shape[0], shape[1]) : stored, offset);
  }
  return values;
}

/** The place of one tensor in the flat vector. */
type Place = { name: string; shape: number[]; offset: number; transposed: boolean };

function placesOf(model: ModelConfig, adapter: AdapterConfig): Place[] {
  switch (adapter.method) {
    case 'lora':
      return loraLayout(model, adapter).sites.flatMap((site) => {
        const { inputs, outputs, rank, offsetA, offsetB } = site;
        const at = moduleName(site);
        return [
          { name: `${at}.lora_A.weight`, shape: [rank, inputs], offset: offsetA, transposed: true },
          { name: `${at}.lora_B.weight`, shape: [outputs, rank], offset: offsetB, transposed: true },
        ];
      });
    case 'prompt':
      return [
        {
          name: 'prompt_embeddings',
          shape: [adapter.length, model.width],
          offset: 0,
          transposed: false,
        },
      ];
    case 'full': {
      let offset = 0;
      return weightSpecs(model).map(({ name, shape }) => {
        const place = { name, shape, offset, transposed: false };
        offset += shape.reduce((a, b) => a * b, 1);
        return place;
      });
    }
  }
}

function moduleName({ block, matrix }: LoraSite): string {
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
