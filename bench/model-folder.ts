import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointSource } from '../engine/language-model/checkpoint-source.ts';
import { llama } from '../engine/language-model/families/llama.ts';
import {
  disposeModel,
  type LanguageModel,
  loadLanguageModel,
} from '../engine/language-model/language-model.ts';
import type { ModelConfig } from '../engine/language-model/model-config.ts';
import { safetensorsChunks, type TensorToWrite } from '../engine/language-model/safetensors-writer.ts';
import { tf } from '../engine/tensor/tensorflow.ts';
import { cacheFolder, publishFolder, withWorkFolder } from '../storage/assets/bootstrap/cache-folder.mjs';
import { atomicWrite } from '../storage/atomic-write.ts';

/**
 * The weights of a llama checkpoint as a folder that transformers loads: config.json and float32 safetensors. They are
 * the very numbers that our engine runs with. Written once, into the cache; `digest` names the checkpoint.
 */
export async function huggingFaceFolder(params: {
  source: CheckpointSource;
  digest: string;
  progress: (what: string) => void;
}): Promise<string> {
  const { source, digest, progress } = params;
  const folder = join(cacheFolder(), 'bench', `model-${digest.slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  progress('writing the weights as float32 for the peer, once');
  await withWorkFolder(async (work) => {
    const output = join(work, 'model');
    await mkdir(output);
    const model = await loadLanguageModel(source);
    await writeFile(join(output, 'config.json'), JSON.stringify(transformersConfig(source.config), null, 2));
    await atomicWrite({
      path: join(output, 'model.safetensors'),
      body: safetensorsChunks({ tensors: storedTensors(model), metadata: { format: 'pt' } }),
      fileMode: 0o644,
      folderMode: 0o755,
    });
    disposeModel(model);
    await publishFolder(output, folder);
  });
  return folder;
}

/** The weights under the names and in the layout of transformers: a linear map is [outputs, inputs]. */
function storedTensors({ weights, config }: LanguageModel): TensorToWrite[] {
  return [...weights].map(([weight, tensor]) => {
    const { tensor: name, transposed } = llama.locate(weight, config);
    const values = () =>
      tf.tidy(() => (transposed ? tf.transpose(tensor) : tensor).dataSync() as Float32Array);
    return { name, shape: transposed ? tensor.shape.toReversed() : tensor.shape, values };
  });
}

function transformersConfig(model: ModelConfig): Record<string, unknown> {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: model.vocabulary,
    hidden_size: model.width,
    intermediate_size: model.hidden,
    num_hidden_layers: model.blocks,
    num_attention_heads: model.heads,
    num_key_value_heads: model.keyValueHeads,
    head_dim: model.headWidth,
    hidden_act: 'silu',
    max_position_embeddings: 8192,
    rope_theta: model.attention[0].rotary?.base,
    rms_norm_eps: model.normEpsilon,
    tie_word_embeddings: model.tiedEmbeddings,
    dtype: 'float32',
  };
}
