import { GGMLQuantizationType, type GGUFTensorInfo, gguf } from '@huggingface/gguf';
import { invalidConfig } from '../../schemas/errors.ts';
import type { CheckpointSource, StoredTensor } from './checkpoint-source.ts';
import { type HubFacts, hubConfig, stopFields } from './export/hub-config.ts';
import { FAMILIES_BY_ARCHITECTURE } from './families/index.ts';
import { fitVocabulary } from './fit-vocabulary.ts';
import { isNumberFormat, NUMBER_FORMATS } from './number-formats.ts';
import { readNumbers } from './read-numbers.ts';
import { corruptWeights, readRange } from './read-range.ts';
import { tokenizerFromJson } from './tokenizer.ts';
import { tokenizerFilesFromGguf } from './tokenizer-gguf.ts';

/**
 * Opens a GGUF file of a supported architecture. Throws ArtifactCorrupt or InvalidConfig (unsupported model).
 */
export async function openGguf(path: string): Promise<CheckpointSource> {
  await assertLittleEndian(path);
  const parsed = await gguf(path, { allowLocalFile: true }).catch((cause: unknown) => {
    throw corruptWeights(path, 'is not a readable GGUF file', cause);
  });
  const metadata = parsed.metadata as Record<string, unknown>;
  assertWhole(path, metadata);
  const architecture = String(metadata['general.architecture']);
  const family = FAMILIES_BY_ARCHITECTURE.get(architecture);
  if (family === undefined)
    throw invalidConfig(
      `${path}: architecture ${architecture} is not supported; ${[...FAMILIES_BY_ARCHITECTURE.keys()].join(', ')} are.`,
    );
  const tensors = new Map(parsed.tensorInfos.map((info) => [info.name, info]));

  function infoOf(name: string): GGUFTensorInfo {
    const info = tensors.get(name);
    if (info === undefined) throw corruptWeights(path, `lacks the tensor ${name}`);
    return info;
  }

  async function read(name: string): Promise<StoredTensor> {
    const info = infoOf(name);
    const format = GGMLQuantizationType[info.dtype];
    if (!isNumberFormat(format))
      throw invalidConfig(
        `${path}: tensor ${info.name} is stored as ${format ?? `format ${info.dtype}`}; ${NUMBER_FORMATS.join(', ')} are read.`,
      );
    // GGUF lists the fastest dimension first; here it is last.
    const shape = info.shape.map(Number).reverse();
    const values = await readNumbers({
      path,
      position: Number(parsed.tensorDataOffset + info.offset),
      format,
      values: shape.reduce((product, size) => product * size, 1),
    });
    return { shape, values };
  }

  const config = await family.gguf.readConfig({
    number(key, otherwise) {
      const value = metadata[`${architecture}.${key}`] ?? otherwise;
      if (typeof value !== 'number' && typeof value !== 'bigint')
        throw corruptWeights(path, `lacks the number ${architecture}.${key}`);
      return Number(value);
    },
    text(key) {
      const value = metadata[`${architecture}.${key}`];
      return typeof value === 'string' ? value : null;
    },
    has: (tensor) => tensors.has(tensor),
    vocabulary: Number(infoOf('token_embd.weight').shape[1]),
    values: async (tensor) => (await read(tensor)).values,
  });
  const locate = (weight: string) => family.gguf.locate(weight, config);
  const files = tokenizerFilesFromGguf(metadata);
  const json = fitVocabulary({ path, json: files.json, rows: config.vocabulary });
  const tokenizer = tokenizerFromJson(json, files.config);
  async function hubFiles(): Promise<Record<string, string>> {
    const facts = hubFacts({ metadata, architecture, endOfTurn: tokenizer.chat?.endOfTurn });
    const settings = { tokenizer_class: 'PreTrainedTokenizerFast', ...files.config };
    return {
      'config.json': JSON.stringify(hubConfig(config, facts), null, 2),
      'generation_config.json': JSON.stringify(stopFields(facts), null, 2),
      'tokenizer.json': JSON.stringify(files.json),
      'tokenizer_config.json': JSON.stringify(settings, null, 2),
    };
  }

  return { config, tokenizer, locate, read, hubFiles };
}

function hubFacts(params: {
  metadata: Record<string, unknown>;
  architecture: string;
  endOfTurn: number | undefined;
}): HubFacts {
  const { metadata, architecture, endOfTurn } = params;
  const number = (key: string) => (metadata[key] === undefined ? undefined : Number(metadata[key]));
  const ends = [number('tokenizer.ggml.eos_token_id'), endOfTurn].filter((id) => id !== undefined);
  return {
    positions: number(`${architecture}.context_length`),
    beginning: number('tokenizer.ggml.bos_token_id'),
    ends: [...new Set(ends)],
  };
}

/** Versions of the format are small numbers, which are large in the other byte order. */
const MOST_VERSIONS = 0xffff;

async function assertLittleEndian(path: string): Promise<void> {
  const head = await readRange(path, 0, 8).catch(() => null);
  if (head === null || Buffer.from(head.subarray(0, 4)).toString('latin1') !== 'GGUF') return;
  if (new DataView(head.buffer).getUint32(4, true) > MOST_VERSIONS)
    throw invalidConfig(
      `${path} is a big-endian GGUF file; only little-endian files are supported. Use a little-endian copy of the model.`,
    );
}

function assertWhole(path: string, metadata: Record<string, unknown>): void {
  const parts = Number(metadata['split.count'] ?? 1);
  if (parts > 1)
    throw invalidConfig(
      `${path} is part ${Number(metadata['split.no'] ?? 0) + 1} of ${parts} of a GGUF file. Join them first: llama-gguf-split --merge FIRST_PART WHOLE`,
    );
}
