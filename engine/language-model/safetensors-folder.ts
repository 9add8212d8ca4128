import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { corruptWeights } from './read-range.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors.ts';
import { weightsFolderError } from './weights-folder-error.ts';

const WHOLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';

/** A shard is in the folder of the index; a name with another folder is refused. */
const shardName = z.string().refine((name) => name === basename(name) && name.endsWith('.safetensors'));
const indexSchema = z.object({ weight_map: z.record(z.string(), shardName) });

/**
 * Opens the weights of a model folder: one model.safetensors, or the shards named in
 * model.safetensors.index.json. Reads only headers, and the header of a shard only when one of its tensors is
 * requested. Throws AssetUnavailable for a missing file, InvalidConfig for weights of another kind,
 * ArtifactCorrupt for a damaged file.
 */
export async function openSafetensorsFolder(folder: string): Promise<SafetensorsFile> {
  if (existsSync(join(folder, WHOLE))) return openSafetensors(join(folder, WHOLE));
  const indexPath = join(folder, INDEX);
  const text = await readFile(indexPath, 'utf8').catch((cause: unknown) => {
    throw weightsFolderError(folder) ?? missing(folder, `${WHOLE} and no ${INDEX}`, cause);
  });
  const shardOf = readWeightMap(indexPath, text);
  for (const shard of new Set(shardOf.values()))
    if (!existsSync(join(folder, shard))) throw missing(folder, `${shard}, which ${INDEX} names`);

  const opened = new Map<string, Promise<SafetensorsFile>>();
  function open(shard: string): Promise<SafetensorsFile> {
    const file = opened.get(shard) ?? openSafetensors(join(folder, shard));
    opened.set(shard, file);
    return file;
  }
  return {
    names: [...shardOf.keys()],
    async read(name) {
      const shard = shardOf.get(name);
      if (shard === undefined) throw corruptWeights(indexPath, `lacks the tensor ${name}`);
      return (await open(shard)).read(name);
    },
  };
}

function readWeightMap(path: string, text: string): Map<string, string> {
  try {
    return new Map(Object.entries(indexSchema.parse(JSON.parse(text)).weight_map));
  } catch (cause) {
    throw corruptWeights(path, 'is not an index of safetensors files', cause);
  }
}

function missing(folder: string, what: string, cause?: unknown): DpsynthError {
  return new DpsynthError({
    type: ErrorType.AssetUnavailable,
    message: `The model folder ${folder} has no ${what}: download the whole repository.`,
    cause,
  });
}
