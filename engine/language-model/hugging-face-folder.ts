import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import type { ModelConfig } from './model-config.ts';
import { openSafetensors } from './safetensors.ts';
import { tokenizerFromJson } from './tokenizer.ts';

const configSchema = z.object({
  model_type: z.string(),
  vocab_size: z.int(),
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  num_key_value_heads: z.int().optional(),
  head_dim: z.int().optional(),
  rope_theta: z.number().default(10_000),
  rms_norm_eps: z.number(),
  tie_word_embeddings: z.boolean().default(false),
});

/** Opens a folder as the Hugging Face hub lays it out: config.json, tokenizer.json, model.safetensors. */
export async function openHuggingFaceFolder(folder: string): Promise<CheckpointSource> {
  const config = readConfig(folder, await readJson(folder, 'config.json'));
  const weights = await openSafetensors(join(folder, 'model.safetensors')).catch((cause: unknown) => {
    if (cause instanceof DpsynthError) throw cause;
    throw missing(folder, 'model.safetensors', cause);
  });
  const tokenizer = tokenizerFromJson(
    await readJson(folder, 'tokenizer.json'),
    await readJson(folder, 'tokenizer_config.json'),
  );
  return { config, tokenizer, read: (name) => weights.read(name) };
}

function readConfig(folder: string, json: object): ModelConfig {
  const parsed = configSchema.safeParse(json);
  if (!parsed.success)
    throw invalidConfig(
      `${folder}/config.json is not of a supported model:\n${z.prettifyError(parsed.error)}`,
    );
  const { data } = parsed;
  if (data.model_type !== 'llama')
    throw invalidConfig(`${folder}: model_type ${data.model_type} is not supported; llama is.`);
  return {
    architecture: 'llama',
    vocabulary: data.vocab_size,
    width: data.hidden_size,
    hidden: data.intermediate_size,
    blocks: data.num_hidden_layers,
    heads: data.num_attention_heads,
    keyValueHeads: data.num_key_value_heads ?? data.num_attention_heads,
    headWidth: data.head_dim ?? data.hidden_size / data.num_attention_heads,
    ropeBase: data.rope_theta,
    normEpsilon: data.rms_norm_eps,
    tiedEmbeddings: data.tie_word_embeddings,
  };
}

async function readJson(folder: string, name: string): Promise<object> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8')) as object;
  } catch (cause) {
    throw missing(folder, name, cause);
  }
}

function missing(folder: string, name: string, cause: unknown): DpsynthError {
  return new DpsynthError({
    type: ErrorType.AssetUnavailable,
    message: `The model folder ${folder} has no readable ${name}: download the whole repository.`,
    cause,
  });
}
