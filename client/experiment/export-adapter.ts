import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAdapter } from '../../engine/language-model/adapter-file.ts';
import { applyAdapter, disposeAdapted } from '../../engine/language-model/apply-adapter.ts';
import type { CheckpointSource } from '../../engine/language-model/checkpoint-source.ts';
import { peftAdapter } from '../../engine/language-model/export/peft-adapter.ts';
import { storedTensors } from '../../engine/language-model/export/stored-tensors.ts';
import { disposeModel } from '../../engine/language-model/language-model.ts';
import { loadLanguageModel } from '../../engine/language-model/load-language-model.ts';
import { openCheckpoint } from '../../engine/language-model/load-model.ts';
import { safetensorsChunks } from '../../engine/language-model/safetensors-writer.ts';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import { locateAsset } from '../../storage/assets/locate-asset.ts';
import { atomicWrite, type Body } from '../../storage/atomic-write.ts';

/**
 * Writes an adapter for Python: as PEFT's two files, or with `merged` as a Hugging Face folder of the
 * whole model with the adapter built in. Returns the names of the files. Throws InvalidConfig,
 * AssetUnavailable or ArtifactCorrupt.
 */
export async function exportAdapter(params: {
  adapter: string;
  model: string;
  out: string;
  merged: boolean;
}): Promise<string[]> {
  const { model, out, merged } = params;
  if (existsSync(out))
    throw invalidConfig(`${out} already exists, and nothing is overwritten. Name a new folder.`);
  const bytes = await readFile(params.adapter).catch((cause: unknown) => {
    throw new DpsynthError({
      type: ErrorType.AssetUnavailable,
      message: `There is no adapter at ${params.adapter}. Give the adapter.safetensors in the release folder of a run.`,
      cause,
    });
  });
  const source = await openCheckpoint((await locateAsset({ asset: model })).path);
  const { adapter, values } = decodeAdapter({ model: source.config, bytes });
  const files: Record<string, Body> = merged
    ? await mergedFiles(source, { adapter, values })
    : { ...peftAdapter({ model: source.config, adapter, values, base: model }) };
  for (const [name, body] of Object.entries(files))
    await atomicWrite({ path: join(out, name), body, fileMode: 0o644, folderMode: 0o755 });
  return Object.keys(files);
}

async function mergedFiles(
  source: CheckpointSource,
  { adapter, values }: Omit<Parameters<typeof applyAdapter>[0], 'model'>,
): Promise<Record<string, Body>> {
  if (adapter.method === 'prompt')
    throw invalidConfig(
      'A soft prompt does not change the weights, so it cannot be merged. Export it without --merged.',
    );
  const texts = await source.hubFiles();
  const base = await loadLanguageModel(source);
  const tuned = applyAdapter({ model: base, adapter, values });
  async function* weights() {
    yield* safetensorsChunks({ tensors: storedTensors(tuned), metadata: { format: 'pt' } });
    disposeAdapted(tuned, base);
    disposeModel(base);
  }
  return { ...texts, 'model.safetensors': weights() };
}
