import type { ModelConfig } from '../model-config.ts';

/** Where a checkpoint keeps one weight, under the checkpoint's own name of the tensor. */
export type StoredWeight = {
  tensor: string;
  /**
   * Heads whose two halves lie row by row between each other, as a rotary embedding wants them that turns elements 2i and
   * 2i + 1 of a head. The one here turns i and i + headWidth / 2.
   */
  interleavedHeads?: number;
  /** Stored as [outputs, inputs]. */
  transposed?: boolean;
  /** The part of its last axis (after transposing) where several maps are stored side by side. */
  columns?: { from: number; count: number };
  /** What the model adds to the stored numbers before it uses them. */
  add?: number;
};

/** What a GGUF file says of its model. Keys are without the name of the architecture before them. */
export type GgufFacts = {
  /** Throws ArtifactCorrupt where the file has no such number and there is no `otherwise`. */
  number(key: string, otherwise?: number): number;
  text(key: string): string | null;
  has(tensor: string): boolean;
  /** Rows of the embedding matrix, padding among them. */
  vocabulary: number;
  /** Throws ArtifactCorrupt for a tensor that is missing or cut off. */
  values(tensor: string): Promise<Float32Array>;
};

/** One family of language models: how its checkpoints describe themselves and name their weights. */
export type Family = {
  /**
   * From config.json of a Hugging Face checkpoint. Throws ZodError where a field is missing or asks for a feature that
   * is not supported.
   */
  readConfig(json: unknown): ModelConfig;
  /** Where a Hugging Face checkpoint keeps the weight of this name (see weights.ts). */
  locate(weight: string, config: ModelConfig): StoredWeight;
  /** The same two for the GGUF files that llama.cpp converts. */
  gguf: {
    /** Throws InvalidConfig for a feature that is not supported, ArtifactCorrupt where a number is missing. */
    readConfig(facts: GgufFacts): Promise<ModelConfig>;
    locate(weight: string, config: ModelConfig): StoredWeight;
  };
};
