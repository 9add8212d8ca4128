import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { invalidConfig } from '../../schemas/errors.ts';
import type { CheckpointSource } from '../language-model/checkpoint-source.ts';
import { readJson } from '../language-model/hugging-face-folder.ts';
import { openSafetensorsFolder } from '../language-model/safetensors-folder.ts';
import type { EncoderConfig } from './encoder-config.ts';
import { type EncoderTokenizer, encoderTokenizer } from './encoder-tokenizer.ts';
import { bert } from './families/bert.ts';
import { distilbert } from './families/distilbert.ts';
import { type EncoderFamily, locateByName } from './families/family.ts';

/** A public encoder on disk, read tensor by tensor. */
export type EncoderSource = Pick<CheckpointSource, 'locate' | 'read'> & {
  config: EncoderConfig;
  tokenizer: EncoderTokenizer;
};

/** Families by `model_type` of config.json. */
export const ENCODER_FAMILIES: ReadonlyMap<string, EncoderFamily> = new Map([
  ['bert', bert],
  ['distilbert', distilbert],
]);

const typeSchema = z.object({ model_type: z.string() });

/**
 * Opens an encoder's folder in the layout of the Hugging Face hub: config.json, tokenizer.json,
 * tokenizer_config.json and safetensors. Other tensors, such as the head of another task, are not read.
 * Throws InvalidConfig for another kind of model, AssetUnavailable for a missing file, ArtifactCorrupt for a
 * damaged one.
 */
export async function openEncoder(folder: string): Promise<EncoderSource> {
  if (!existsSync(join(folder, 'config.json')))
    throw invalidConfig(
      `${folder} has no config.json, so it is not an encoder folder. Give a BERT or DistilBERT folder, or minilm-l6-v2.`,
    );
  const json = await readJson(folder, 'config.json');
  const family = familyFor(folder, json);
  const config = readConfig(folder, family, json);
  const weights = await openSafetensorsFolder(folder);
  const stored = new Map(weights.names.map((name) => [bareName(name), name]));
  const tokenizer = encoderTokenizer({
    json: await readJson(folder, 'tokenizer.json'),
    config: await readJson(folder, 'tokenizer_config.json'),
    positions: config.positions,
  });
  return {
    config,
    tokenizer,
    locate: (weight) => locateByName(family.names, weight),
    read: (name) => weights.read(stored.get(name) ?? name),
  };
}

/**
 * Removes the encoder's name, which models of a task put before its tensors, and TensorFlow's names of norms
 * in BERT's first checkpoints.
 */
function bareName(name: string): string {
  return name
    .replace(/^(bert|distilbert)\./, '')
    .replace(/\.gamma$/, '.weight')
    .replace(/\.beta$/, '.bias');
}

function familyFor(folder: string, json: object): EncoderFamily {
  const { data } = typeSchema.safeParse(json);
  const family = data && ENCODER_FAMILIES.get(data.model_type);
  if (family) return family;
  throw invalidConfig(
    `${folder}: model_type ${data?.model_type ?? '(missing)'} is not a supported encoder; ${[...ENCODER_FAMILIES.keys()].join(', ')} are.`,
  );
}

function readConfig(folder: string, family: EncoderFamily, json: object): EncoderConfig {
  try {
    return family.readConfig(json);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw invalidConfig(
      `${folder}/config.json describes an encoder that is not supported:\n${z.prettifyError(error)}`,
    );
  }
}
