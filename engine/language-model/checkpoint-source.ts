import type { ModelConfig } from './model-config.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** One stored tensor in Hugging Face's name and layout: a linear map is [outputs, inputs], row by row. */
export type StoredTensor = { shape: number[]; values: Float32Array };

/** A public checkpoint on disk, read tensor by tensor so that no second copy of the model is ever whole in memory. */
export type CheckpointSource = {
  config: ModelConfig;
  tokenizer: TextTokenizer;
  /** Throws ArtifactCorrupt for a tensor that is missing or cut off. */
  read(name: string): Promise<StoredTensor>;
};
