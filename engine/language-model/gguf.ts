import { type GGUFParseOutput, gguf } from '@huggingface/gguf';
import { invalidConfig } from '../../schemas/errors.ts';
import type { CheckpointSource, StoredTensor } from './checkpoint-source.ts';
import type { ModelConfig } from './model-config.ts';
import { decodeNumbers, type NumberFormat, storedBytes } from './number-formats.ts';
import { corruptWeights, readRange } from './read-range.ts';
import { tokenizerFromGguf } from './tokenizer.ts';

const FORMATS: Record<number, NumberFormat> = { 0: 'F32', 1: 'F16', 3: 'Q4_1', 8: 'Q8_0', 30: 'BF16' };

/** GGUF's names of what Hugging Face calls otherwise. */
function ggufName(name: string): string {
  return name
    .replace('model.embed_tokens.', 'token_embd.')
    .replace('model.norm.', 'output_norm.')
    .replace('lm_head.', 'output.')
    .replace('model.layers.', 'blk.')
    .replace('input_layernorm', 'attn_norm')
    .replace('post_attention_layernorm', 'ffn_norm')
    .replace('self_attn.o_proj', 'attn_output')
    .replace(/self_attn\.([qkv])_proj/, 'attn_$1')
    .replace(/mlp\.(gate|up|down)_proj/, 'ffn_$1');
}

/** Opens a GGUF file of the llama architecture. Throws ArtifactCorrupt or InvalidConfig (unsupported model). */
export async function openGguf(path: string): Promise<CheckpointSource> {
  const parsed = await gguf(path, { allowLocalFile: true }).catch((cause: unknown) => {
    throw corruptWeights(path, 'is not a readable GGUF file', cause);
  });
  const metadata = parsed.metadata as Record<string, unknown>;
  const config = readConfig(path, metadata, parsed);
  const tensors = new Map(parsed.tensorInfos.map((info) => [info.name, info]));

  async function read(name: string): Promise<StoredTensor> {
    const info = tensors.get(ggufName(name));
    if (info === undefined) throw corruptWeights(path, `lacks the tensor ${ggufName(name)}`);
    const format = FORMATS[info.dtype];
    if (format === undefined)
      throw invalidConfig(
        `${path}: tensor ${info.name} has number format ${info.dtype}, which is not read here.`,
      );
    // GGUF names the fastest dimension first; Hugging Face names it last.
    const shape = info.shape.map(Number).reverse();
    const values = shape.reduce((product, size) => product * size, 1);
    const bytes = await readRange(
      path,
      Number(parsed.tensorDataOffset + info.offset),
      storedBytes(format, values),
    );
    const decoded = decodeNumbers({ format, bytes, values });
    const rotated = /attn_([qk])\.weight$/.exec(info.name);
    if (rotated) unpermuteRotary(decoded, { rows: shape[0], columns: shape[1], headWidth: config.headWidth });
    return { shape, values: decoded };
  }

  return { config, tokenizer: tokenizerFromGguf(metadata), read };
}

function readConfig(path: string, metadata: Record<string, unknown>, parsed: GGUFParseOutput): ModelConfig {
  const architecture = metadata['general.architecture'];
  if (architecture !== 'llama')
    throw invalidConfig(`${path}: architecture ${String(architecture)} is not supported; llama is.`);
  function number(key: string): number {
    const value = metadata[`llama.${key}`];
    if (typeof value !== 'number') throw corruptWeights(path, `lacks the number llama.${key}`);
    return value;
  }
  const heads = number('attention.head_count');
  const width = number('embedding_length');
  return {
    architecture,
    vocabulary: number('vocab_size'),
    width,
    hidden: number('feed_forward_length'),
    blocks: number('block_count'),
    heads,
    keyValueHeads: number('attention.head_count_kv'),
    headWidth: width / heads,
    ropeBase: number('rope.freq_base'),
    normEpsilon: number('attention.layer_norm_rms_epsilon'),
    tiedEmbeddings: !parsed.tensorInfos.some((info) => info.name === 'output.weight'),
  };
}

/**
 * llama.cpp stores the rows of Q and K so that the rotary embedding turns adjacent pairs (2i, 2i+1); all code here
 * turns the halves (i, i + headWidth/2), as Hugging Face weights want it.
 */
function unpermuteRotary(
  values: Float32Array,
  shape: { rows: number; columns: number; headWidth: number },
): void {
  const { rows, columns, headWidth } = shape;
  const head = new Float32Array(headWidth * columns);
  for (let start = 0; start < rows; start += headWidth) {
    head.set(values.subarray(start * columns, (start + headWidth) * columns));
    for (let row = 0; row < headWidth; row++) {
      const target = start + (row >> 1) + (row & 1) * (headWidth / 2);
      values.set(head.subarray(row * columns, (row + 1) * columns), target * columns);
    }
  }
}
