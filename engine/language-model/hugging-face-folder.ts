import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import type { Family } from './families/family.ts';
import { FAMILIES_BY_MODEL_TYPE } from './families/index.ts';
import { fitVocabulary } from './fit-vocabulary.ts';
import type { ModelConfig } from './model-config.ts';
import { openSafetensorsFolder } from './safetensors-folder.ts';
import { type TextTokenizer, tokenizerFromJson } from './tokenizer.ts';
import { weightSpecs } from './weights.ts';
import { assertTensors, weightsFolderError } from './weights-folder-error.ts';

const TEXT_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
/**
 * Newer checkpoints have the chat template in a separate file, which takes precedence over
 * tokenizer_config.json.
 */
const CHAT_TEMPLATE = 'chat_template.jinja';
/** Files that an export includes if they exist. */
const OPTIONAL_TEXT_FILES = [CHAT_TEMPLATE, 'generation_config.json', 'special_tokens_map.json'];

const configSchema = z.object({ model_type: z.string() });

/**
 * Opens a folder in the layout of the Hugging Face hub: config.json, tokenizer.json, tokenizer_config.json,
 * and weights in model.safetensors or in the shards of model.safetensors.index.json. The chat template may be
 * in chat_template.jinja. Throws InvalidConfig for an unsupported family, or if tokenizer or weights do not
 * fit the model.
 */
export async function openHuggingFaceFolder(folder: string): Promise<CheckpointSource> {
  if (!existsSync(join(folder, 'config.json')))
    throw weightsFolderError(folder) ?? missing(folder, 'config.json');
  const json = await readJson(folder, 'config.json');
  const family = familyFor(folder, json);
  const config = readConfig(folder, family, json);
  const weights = await openSafetensorsFolder(folder);
  const stored = new Map(weights.names.map((name) => [bareName(name), name]));
  const isStored = (tensor: string) => stored.has(bareName(tensor));
  assertTensors({
    path: folder,
    stored: weights.names,
    wanted: weightSpecs(config).map(({ name }) => family.locate(name, config).tensor),
    has: isStored,
  });
  const tokenizer = await openTokenizer(folder, config.vocabulary);
  return {
    config,
    tokenizer,
    locate: (weight) => family.locate(weight, config),
    read: (name) => weights.read(stored.get(bareName(name)) ?? name),
    hubFiles: async () =>
      Object.fromEntries(
        await Promise.all(
          [...TEXT_FILES, ...OPTIONAL_TEXT_FILES.filter((name) => existsSync(join(folder, name)))].map(
            async (name) => [name, await readFile(join(folder, name), 'utf8')],
          ),
        ),
      ),
  };
}

async function openTokenizer(folder: string, rows: number): Promise<TextTokenizer> {
  const json = fitVocabulary({ path: folder, json: await readJson(folder, 'tokenizer.json'), rows });
  const config = await readJson(folder, 'tokenizer_config.json');
  const own = join(folder, CHAT_TEMPLATE);
  if (!existsSync(own)) return tokenizerFromJson(json, config);
  return tokenizerFromJson(json, { ...config, chat_template: await readFile(own, 'utf8') });
}

/**
 * Removes the parts of a name that depend on how a model was saved. GPT-2 on the hub lacks the first part of
 * each name, because it was saved without its output layer. Models that also read images put `language_model`
 * before or after it.
 */
function bareName(name: string): string {
  return name.replace('language_model.', '').replace(/^(model|transformer)\./, '');
}

function familyFor(folder: string, json: object): Family {
  const { data } = configSchema.safeParse(json);
  const family = data && FAMILIES_BY_MODEL_TYPE.get(data.model_type);
  if (family) return family;
  throw invalidConfig(
    `${folder}: model_type ${data?.model_type ?? '(missing)'} is not supported; ${[...FAMILIES_BY_MODEL_TYPE.keys()].join(', ')} are.`,
  );
}

function readConfig(folder: string, family: Family, json: object): ModelConfig {
  try {
    return family.readConfig(json);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw invalidConfig(
      `${folder}/config.json describes a model that is not supported:\n${z.prettifyError(error)}`,
    );
  }
}

/** Reads a JSON file of a model folder. Throws AssetUnavailable if it is missing or not JSON. */
export async function readJson(folder: string, name: string): Promise<object> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8')) as object;
  } catch (cause) {
    throw missing(folder, name, cause);
  }
}

function missing(folder: string, name: string, cause?: unknown): DpsynthError {
  return new DpsynthError({
    type: ErrorType.AssetUnavailable,
    message: `The model folder ${folder} has no readable ${name}: download the whole repository.`,
    cause,
  });
}
