import { stat } from 'node:fs/promises';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import { openGguf } from './gguf.ts';
import { openHuggingFaceFolder } from './hugging-face-folder.ts';

/**
 * Opens a checkpoint: a `.gguf` file, or a Hugging Face folder with config.json, tokenizer.json and
 * safetensors.
 */
export async function openCheckpoint(path: string): Promise<CheckpointSource> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new DpsynthError({
      type: ErrorType.AssetUnavailable,
      message: `There is no model at ${path}: give a .gguf file, a Hugging Face folder, or a catalog name.`,
    });
  return found.isDirectory() ? openHuggingFaceFolder(path) : openGguf(path);
}
