import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointSource } from '../engine/language-model/checkpoint-source.ts';
import { storedTensors } from '../engine/language-model/export/stored-tensors.ts';
import { disposeModel, type LanguageModel } from '../engine/language-model/language-model.ts';
import { loadLanguageModel } from '../engine/language-model/load-language-model.ts';
import { safetensorsChunks } from '../engine/language-model/safetensors-writer.ts';
import { cacheFolder, publishFolder, withWorkFolder } from '../storage/assets/bootstrap/cache-folder.mjs';
import { atomicWrite, type Body } from '../storage/atomic-write.ts';

/**
 * A checkpoint as a Hugging Face folder that both sides load: the float32 numbers that our engine decodes, whatever it
 * is stored as, or what `tune` makes of them. Written once, into the cache, under `name`.
 */
export async function floatFolder(params: {
  source: CheckpointSource;
  name: string;
  tune?: (model: LanguageModel) => Promise<LanguageModel>;
  progress: (what: string) => void;
}): Promise<string> {
  const { source, name: folderName, tune, progress } = params;
  const folder = join(cacheFolder(), 'bench', folderName);
  if (existsSync(folder)) return folder;
  progress(`writing ${folderName} into the cache, once`);
  await withWorkFolder(async (work) => {
    const output = join(work, 'model');
    const base = await loadLanguageModel(source);
    const model = tune ? await tune(base) : base;
    const files: Record<string, Body> = {
      ...(await source.hubFiles()),
      'model.safetensors': safetensorsChunks({ tensors: storedTensors(model), metadata: { format: 'pt' } }),
    };
    for (const [name, body] of Object.entries(files))
      await atomicWrite({ path: join(output, name), body, fileMode: 0o644, folderMode: 0o755 });
    disposeModel(base);
    await publishFolder(output, folder);
  });
  return folder;
}
