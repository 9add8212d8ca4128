import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DpsynthError, invalidConfig } from '../../schemas/errors.ts';

/**
 * Explains why a folder that lacks the files of a model is none: an adapter without its base model, or weights in a format that is
 * not read. null where nothing of that kind is in it.
 */
export function weightsFolderError(folder: string): DpsynthError | null {
  if (['adapter_config.json', 'adapter_model.safetensors'].some((name) => existsSync(join(folder, name))))
    return invalidConfig(
      `${folder} holds an adapter (adapter_config.json) and not a model: merge it into its base model and save that, ` +
        'in Python with merge_and_unload() and save_pretrained().',
    );
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const gguf = names.find((name) => name.endsWith('.gguf'));
  if (gguf !== undefined)
    return invalidConfig(`${folder} has its weights in GGUF: name the file, ${join(folder, gguf)}.`);
  const other = names.find((name) => /\.(bin|pt|pth|h5|msgpack)$/.test(name));
  if (other === undefined) return null;
  return invalidConfig(
    `${folder} has its weights in ${other}; safetensors and GGUF are read. Save the model again in Python with ` +
      'save_pretrained(folder, safe_serialization=True).',
  );
}

/** What wrappers of PyTorch put before the name of each tensor when they are saved in place of the model inside. */
const WRAPPERS = [
  ['_orig_mod.', 'torch.compile', 'model._orig_mod'],
  ['module.', 'DataParallel', 'model.module'],
] as const;

/**
 * Checks that a checkpoint has all tensors that the model is made of. Throws InvalidConfig that names the first missing one, or the
 * wrapper with which the model was saved.
 */
export function assertTensors(params: {
  path: string;
  stored: readonly string[];
  wanted: readonly string[];
  has: (tensor: string) => boolean;
}): void {
  const { path, stored, wanted, has } = params;
  const missing = wanted.find((tensor) => !has(tensor));
  if (missing === undefined) return;
  const wrapper = WRAPPERS.find(([prefix]) => stored.some((name) => name.startsWith(prefix)));
  if (wrapper !== undefined) {
    const [prefix, by, inside] = wrapper;
    throw invalidConfig(
      `${path}: the names of its tensors begin with ${prefix}, so it was saved inside the wrapper of ${by}. Save ${inside} instead.`,
    );
  }
  throw invalidConfig(
    `${path} lacks the tensor ${missing}, which its config asks for. Is it the whole checkpoint, and are its config and weights of one model?`,
  );
}
