import { invalidConfig } from '../../../schemas/errors.ts';
import type { ModelConfig, RotaryConfig } from '../model-config.ts';

const ARCHITECTURES = {
  llama: 'LlamaForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
} as const;

/** Facts of a GGUF file beyond the shape of its model. Missing ones are left out of config.json. */
export type HubFacts = {
  /** Length in tokens of the longest training text of the model. */
  positions?: number;
  beginning?: number;
  /** Tokens at which generation stops: the end of a text and, if different, the end of a chat turn. */
  ends?: readonly number[];
};

/**
 * Returns config.json for a model from a GGUF file, for the families built like Llama. Throws InvalidConfig
 * for others, whose Hugging Face checkpoints have the file.
 */
export function hubConfig(model: ModelConfig, facts: HubFacts = {}): Record<string, unknown> {
  const { family } = model;
  if (family !== 'llama' && family !== 'qwen2' && family !== 'qwen3')
    throw invalidConfig(
      `A ${family} model from a GGUF file cannot be written as a Hugging Face folder: use the model from the hub or a folder.`,
    );
  const rotary = model.attention[0].rotary!;
  return {
    architectures: [ARCHITECTURES[family]],
    model_type: family,
    vocab_size: model.vocabulary,
    hidden_size: model.width,
    intermediate_size: model.hidden,
    num_hidden_layers: model.blocks,
    num_attention_heads: model.heads,
    num_key_value_heads: model.keyValueHeads,
    head_dim: model.headWidth,
    hidden_act: 'silu',
    max_position_embeddings: facts.positions,
    ...stopFields(facts),
    rope_theta: rotary.base,
    rope_scaling: ropeScaling(rotary),
    rms_norm_eps: model.normEpsilon,
    attention_bias: family === 'llama' ? model.biases.includes('q') : undefined,
    mlp_bias: family === 'llama' ? model.biases.includes('up') : undefined,
    tie_word_embeddings: model.tiedEmbeddings,
    dtype: 'float32',
  };
}

/** Returns where generation begins and stops, in the fields of config.json and generation_config.json. */
export function stopFields({ beginning, ends = [] }: HubFacts): Record<string, unknown> {
  return {
    bos_token_id: beginning,
    eos_token_id: ends.length > 1 ? ends : ends[0],
  };
}

function ropeScaling({ scaling }: RotaryConfig): object | null {
  if (scaling === null) return null;
  if (scaling.kind === 'linear') return { rope_type: 'linear', factor: scaling.factor };
  if (scaling.kind === 'divisors')
    throw invalidConfig(
      'This GGUF file has the divisors of the rotary embedding but not the rule behind them, which config.json needs: use the model from the hub or a folder.',
    );
  return {
    rope_type: 'llama3',
    factor: scaling.factor,
    low_freq_factor: scaling.lowFrequencyFactor,
    high_freq_factor: scaling.highFrequencyFactor,
    original_max_position_embeddings: scaling.originalLength,
  };
}
