import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import type { ModelConfig } from './model-config.ts';

/** One block's frozen weights. Matrices are [inputs, outputs]; q, k, v and gate, up are fused side by side. */
export type BlockWeights = {
  attentionNorm: Tensor;
  qkv: Tensor;
  o: Tensor;
  feedForwardNorm: Tensor;
  gateUp: Tensor;
  down: Tensor;
};

/** A llama-family decoder in memory. `output` [vocabulary, width] is `embedding` itself where they are tied. */
export type Llama = {
  config: ModelConfig;
  embedding: Tensor;
  blocks: BlockWeights[];
  finalNorm: Tensor;
  output: Tensor;
};

/** Reads the weights of a checkpoint into tensors. Throws ArtifactCorrupt where a tensor has another shape. */
export async function loadLlama(source: CheckpointSource): Promise<Llama> {
  const { config } = source;
  const { width, hidden, vocabulary } = config;
  const queries = config.heads * config.headWidth;
  const keys = config.keyValueHeads * config.headWidth;

  async function load(name: string, ...expected: number[]): Promise<Tensor> {
    const { shape, values } = await source.read(name);
    if (shape.join() !== expected.join())
      throw new DpsynthError({
        type: ErrorType.ArtifactCorrupt,
        message: `Tensor ${name} has shape [${shape}], the model's config says [${expected}].`,
      });
    return tf.tensor(values, shape);
  }

  /** Several [outputs, inputs] matrices as one [inputs, sum of outputs]. */
  async function fused(inputs: number, parts: [name: string, outputs: number][]): Promise<Tensor> {
    const loaded: Tensor[] = [];
    for (const [name, outputs] of parts) loaded.push(await load(name, outputs, inputs));
    const matrix = tf.tidy(() => tf.transpose(tf.concat(loaded, 0)));
    tf.dispose(loaded);
    return matrix;
  }

  const embedding = await load('model.embed_tokens.weight', vocabulary, width);
  const blocks: BlockWeights[] = [];
  for (let i = 0; i < config.blocks; i++) {
    const at = `model.layers.${i}`;
    blocks.push({
      attentionNorm: await load(`${at}.input_layernorm.weight`, width),
      qkv: await fused(width, [
        [`${at}.self_attn.q_proj.weight`, queries],
        [`${at}.self_attn.k_proj.weight`, keys],
        [`${at}.self_attn.v_proj.weight`, keys],
      ]),
      o: await fused(queries, [[`${at}.self_attn.o_proj.weight`, width]]),
      feedForwardNorm: await load(`${at}.post_attention_layernorm.weight`, width),
      gateUp: await fused(width, [
        [`${at}.mlp.gate_proj.weight`, hidden],
        [`${at}.mlp.up_proj.weight`, hidden],
      ]),
      down: await fused(hidden, [[`${at}.mlp.down_proj.weight`, width]]),
    });
  }
  const finalNorm = await load('model.norm.weight', width);
  const output = config.tiedEmbeddings ? embedding : await load('lm_head.weight', vocabulary, width);
  return { config, embedding, blocks, finalNorm, output };
}

export function disposeLlama(model: Llama): void {
  tf.dispose([model.embedding, model.finalNorm, model.output]);
  for (const block of model.blocks) tf.dispose(block);
}
