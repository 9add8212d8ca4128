import type { ModelConfig } from '../model-config.ts';

/** Where a checkpoint stores one weight, with the checkpoint's own name of the tensor. */
export type StoredWeight = {
  tensor: string;
  /**
   * Number of heads whose two halves are interleaved row by row, for a rotary embedding that rotates elements
   * 2i and 2i + 1 of a head. The engine rotates i and i + headWidth / 2.
   */
  interleavedHeads?: number;
  /** Stored as [outputs, inputs]. */
  transposed?: boolean;
  /** The part of the last axis (after transposing), if several maps are stored side by side. */
  columns?: { from: number; count: number };
  /** Number that the model adds to the stored numbers before it uses them. */
  add?: number;
};

/** The facts of a GGUF file about its model. Keys omit the name of the architecture in front of them. */
export type GgufFacts = {
  /** Returns a number, or `otherwise` if the file lacks it. Throws ArtifactCorrupt if neither exists. */
  number(key: string, otherwise?: number): number;
  text(key: string): string | null;
  has(tensor: string): boolean;
  /** Rows of the embedding matrix, including padding. */
  vocabulary: number;
  /** Reads a tensor. Throws ArtifactCorrupt if it is missing or truncated. */
  values(tensor: string): Promise<Float32Array>;
};

/** One family of language models: how its checkpoints describe themselves and name their weights. */
export type Family = {
  /**
   * Reads config.json of a Hugging Face checkpoint. Throws ZodError if a field is missing or requires an
   * unsupported feature.
   */
  readConfig(json: unknown): ModelConfig;
  /** Returns where a Hugging Face checkpoint stores the weight of this name (see weights.ts). */
  locate(weight: string, config: ModelConfig): StoredWeight;
  /** The same two functions for the GGUF files written by llama.cpp. */
  gguf: {
    /** Throws InvalidConfig for an unsupported feature, ArtifactCorrupt for a missing number. */
    readConfig(facts: GgufFacts): Promise<ModelConfig>;
    locate(weight: string, config: ModelConfig): StoredWeight;
  };
};
