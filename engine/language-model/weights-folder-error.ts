import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DpsynthError, invalidConfig } from '../../schemas/errors.ts';

/**
 * Returns an error that explains why a folder is not a model: it has an adapter without its base model, or
 * weights in an unsupported format. Returns null if it has neither.
 */
export function weightsFolderError(folder: string): DpsynthError | null {
  if (['adapter_config.json', 'adapter_model.safetensors'].some((name) => existsSync(join(folder, name))))
    return invalidConfig(
      `${folder} contains an adapter (adapter_config.json) instead of a model: merge it into its base model and save that, ` +
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

/**
 * Wrappers that put a prefix before the name of each tensor if saved instead of the model inside, and how to
 * reach that model.
 */
const WRAPPERS = [
  ['_orig_mod.', 'the wrapper of torch.compile', 'model._orig_mod'],
  ['module.', 'the wrapper DataParallel', 'model.module'],
  ['base_model.', 'PEFT', 'model.merge_and_unload()'],
] as const;

/**
 * Checks that a checkpoint has all tensors of the model. Throws InvalidConfig, which names the first missing
 * tensor or the wrapper that the model was saved in.
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
  const prefixed = stored.find((name) => name.endsWith(`.${missing}`));
  if (prefixed !== undefined) {
    const prefix = prefixed.slice(0, -missing.length);
    const [, by, inside] = WRAPPERS.find(([known]) => prefix.startsWith(known)) ?? [];
    throw invalidConfig(
      `${path}: the names of its tensors begin with ${prefix}, so it was saved inside ${by ?? 'a wrapper'}. ` +
        `Save ${inside ?? 'the wrapped model'} instead.`,
    );
  }
  throw invalidConfig(
    `${path} lacks the tensor ${missing}, which its config requires. Is the checkpoint complete, and do its config and weights belong to one model?`,
  );
}
