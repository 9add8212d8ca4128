import type { StoredWeight } from './families/family.ts';
import type { ModelConfig } from './model-config.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** One tensor as stored in a checkpoint, row by row. */
export type StoredTensor = { shape: number[]; values: Float32Array };

/**
 * A public checkpoint on disk, read tensor by tensor so that memory never holds a second complete copy of the
 * model.
 */
export type CheckpointSource = {
  config: ModelConfig;
  tokenizer: TextTokenizer;
  /** Returns where the checkpoint stores the weight of this name (see weights.ts). */
  locate(weight: string): StoredWeight;
  /** Reads a tensor by the checkpoint's own name. Throws ArtifactCorrupt if it is missing or truncated. */
  read(name: string): Promise<StoredTensor>;
  /**
   * Returns the texts of config.json and of the tokenizer's files by name, for a folder in the layout of the
   * Hugging Face hub.
   */
  hubFiles(): Promise<Record<string, string>>;
};
