import type { StoredWeight } from './families/family.ts';
import type { ModelConfig } from './model-config.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** One tensor as a checkpoint stores it, row by row. */
export type StoredTensor = { shape: number[]; values: Float32Array };

/** A public checkpoint on disk, read tensor by tensor so that no second copy of the model is ever whole in memory. */
export type CheckpointSource = {
  config: ModelConfig;
  tokenizer: TextTokenizer;
  /** Where it keeps the weight of this name (see weights.ts). */
  locate(weight: string): StoredWeight;
  /** A tensor by the checkpoint's own name. Throws ArtifactCorrupt for one that is missing or cut off. */
  read(name: string): Promise<StoredTensor>;
  /** The texts of config.json and of the tokenizer's files, by name, for a folder as the Hugging Face hub lays it out. */
  hubFiles(): Promise<Record<string, string>>;
};
