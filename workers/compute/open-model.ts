import type { CheckpointSource } from '../../engine/language-model/checkpoint-source.ts';
import { openCheckpoint } from '../../engine/language-model/load-model.ts';
import { locateAsset } from '../../storage/assets/locate-asset.ts';

/**
 * The header and the tokenizer of a model of a config, by catalog name or path. Its weights are not read yet.
 * Throws what `locateAsset` and `openCheckpoint` throw.
 */
export async function openModel(name: string): Promise<CheckpointSource> {
  const { path } = await locateAsset({ asset: name });
  return openCheckpoint(path);
}
