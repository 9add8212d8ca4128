import { invalidConfig } from '../../../schemas/errors.ts';
import type { AdapterConfig, LoraConfig, PromptConfig } from '../../../schemas/settings/training.ts';
import { adapterTensors } from '../adapter-tensors.ts';
import type { ModelConfig } from '../model-config.ts';
import { encodeSafetensors } from '../safetensors-writer.ts';

/**
 * The two files of an adapter for the Python library PEFT: `PeftModel.from_pretrained(base, folder)` loads
 * them.
 */
export type PeftFiles = { 'adapter_config.json': string; 'adapter_model.safetensors': Buffer };

const MODULES = {
  q: 'q_proj',
  k: 'k_proj',
  v: 'v_proj',
  o: 'o_proj',
  gate: 'gate_proj',
  up: 'up_proj',
  down: 'down_proj',
} as const;

/**
 * Returns a LoRA adapter or a soft prompt in PEFT's format. Throws InvalidConfig for full fine-tuning, which
 * is not an adapter, and for LoRA on GPT-2, whose queries, keys and values are one matrix in PEFT. Both can
 * be merged into the model instead.
 */
export function peftAdapter(params: {
  model: ModelConfig;
  adapter: AdapterConfig;
  values: Float32Array;
  /** Value of `base_model_name_or_path`: where PEFT finds the base model. */
  base: string;
}): PeftFiles {
  const { model, adapter, base } = params;
  if (adapter.method === 'full')
    throw invalidConfig('Full fine-tuning changes the whole model: export it merged.');
  if (adapter.method === 'lora' && model.family === 'gpt2')
    throw invalidConfig(
      'PEFT has one matrix for the queries, keys and values of GPT-2: export the model merged.',
    );
  const config = adapter.method === 'lora' ? loraFields(adapter, model) : promptFields(adapter, model);
  const common = { base_model_name_or_path: base, task_type: 'CAUSAL_LM', inference_mode: true };
  return {
    'adapter_config.json': `${JSON.stringify({ ...common, ...config }, null, 2)}\n`,
    'adapter_model.safetensors': encodeSafetensors({
      metadata: { format: 'pt' },
      tensors: adapterTensors(params),
    }),
  };
}

function loraFields(adapter: LoraConfig, model: ModelConfig): Record<string, unknown> {
  const { rank, alpha, matrices, lastBlocks = model.blocks } = adapter;
  const first = Math.max(0, model.blocks - lastBlocks);
  return {
    peft_type: 'LORA',
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: 'none',
    target_modules: matrices.map((matrix) => MODULES[matrix]),
    layers_to_transform:
      first === 0 ? null : Array.from({ length: model.blocks - first }, (_, i) => first + i),
  };
}

function promptFields(adapter: PromptConfig, model: ModelConfig): Record<string, unknown> {
  return {
    peft_type: 'PROMPT_TUNING',
    prompt_tuning_init: 'RANDOM',
    num_virtual_tokens: adapter.length,
    token_dim: model.width,
    num_layers: model.blocks,
    num_attention_heads: model.heads,
    num_transformer_submodules: 1,
  };
}
