import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHuggingFaceFolder } from '../hugging-face-folder.ts';
import { parameterCount } from '../weights.ts';
import { familyFixture } from './family.fixture.ts';
import { gemma3 } from './gemma3.ts';
import { gpt2 } from './gpt2.ts';
import { llama } from './llama.ts';
import { qwen2, qwen3 } from './qwen.ts';

test('rope_theta and rope_scaling of transformers 4 mean the same as rope_parameters of transformers 5', () => {
  const { config } = familyFixture('llama');
  const { rope_parameters, ...others } = config;
  const { rope_theta, ...scaling } = rope_parameters as Record<string, unknown>;
  expect(llama.readConfig({ ...others, rope_theta, rope_scaling: scaling })).toEqual(
    llama.readConfig(config),
  );
});

test('Gemma 3 with the fields of transformers 4 is the same model', () => {
  const { config } = familyFixture('gemma3');
  const { rope_parameters, layer_types, ...others } = config;
  const old = {
    ...others,
    rope_theta: 1000,
    rope_scaling: { rope_type: 'linear', factor: 8 },
    rope_local_base_freq: 100,
    sliding_window_pattern: 2,
  };
  expect(gemma3.readConfig(old)).toEqual(gemma3.readConfig(config));
});

// Fields of config.json on the hub, and the number of parameters stated by the publishers.
test.each([
  [
    'Llama 3.2 1B',
    llama,
    {
      vocab_size: 128_256,
      hidden_size: 2048,
      intermediate_size: 8192,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      head_dim: 64,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: true,
      rope_theta: 500_000,
      rope_scaling: {
        factor: 32,
        high_freq_factor: 4,
        low_freq_factor: 1,
        original_max_position_embeddings: 8192,
        rope_type: 'llama3',
      },
    },
    1_235_814_400,
  ],
  [
    'Qwen 2.5 0.5B',
    qwen2,
    {
      vocab_size: 151_936,
      hidden_size: 896,
      intermediate_size: 4864,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      sliding_window: 32_768,
      tie_word_embeddings: true,
      use_sliding_window: false,
    },
    494_032_768,
  ],
  [
    'Qwen 3 0.6B',
    qwen3,
    {
      vocab_size: 151_936,
      hidden_size: 1024,
      intermediate_size: 3072,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      tie_word_embeddings: true,
    },
    596_049_920,
  ],
  [
    'GPT-2',
    gpt2,
    { vocab_size: 50_257, n_positions: 1024, n_embd: 768, n_layer: 12, n_head: 12, layer_norm_epsilon: 1e-5 },
    124_439_808,
  ],
  [
    'Gemma 3 1B',
    gemma3,
    {
      vocab_size: 262_144,
      hidden_size: 1152,
      intermediate_size: 6912,
      num_hidden_layers: 26,
      num_attention_heads: 4,
      num_key_value_heads: 1,
      head_dim: 256,
      query_pre_attn_scalar: 256,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      rope_local_base_freq: 10_000,
      sliding_window: 512,
      sliding_window_pattern: 6,
      attn_logit_softcapping: null,
      final_logit_softcapping: null,
    },
    999_885_952,
  ],
  [
    'Gemma 3 4B, text',
    gemma3,
    {
      model_type: 'gemma3',
      text_config: {
        hidden_size: 2560,
        intermediate_size: 10_240,
        num_hidden_layers: 34,
        rope_scaling: { factor: 8, rope_type: 'linear' },
        sliding_window: 1024,
      },
    },
    3_880_263_168,
  ],
] as const)('%s has the number of parameters stated by its publishers', (_, family, json, parameters) => {
  expect(parameterCount(family.readConfig(json))).toBe(parameters);
});

test.each([
  [llama, 'llama', { hidden_act: 'gelu' }],
  [llama, 'llama', { rope_parameters: { rope_type: 'yarn', factor: 4 } }],
  [qwen2, 'qwen2', { use_sliding_window: true }],
  [gpt2, 'gpt2', { scale_attn_by_inverse_layer_idx: true }],
  [gemma3, 'gemma3', { final_logit_softcapping: 30 }],
] as const)('%#: an unsupported feature is refused: %s %o', (family, name, feature) => {
  const { config } = familyFixture(name);
  expect(() => family.readConfig({ ...config, ...feature })).toThrow(Object.keys(feature)[0]);
});

test('a folder with another kind of model is refused with its name and the supported ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dpsynth-family-'));
  try {
    const { config } = familyFixture('gemma3');
    const write = (json: object) => writeFile(join(folder, 'config.json'), JSON.stringify(json));
    await write({ ...config, model_type: 'mamba' });
    await expect(openHuggingFaceFolder(folder)).rejects.toMatchObject({
      type: 'InvalidConfig',
      message: expect.stringMatching(/mamba.*qwen3/),
    });
    await write({ ...config, final_logit_softcapping: 30 });
    await expect(openHuggingFaceFolder(folder)).rejects.toMatchObject({
      type: 'InvalidConfig',
      message: expect.stringContaining('final_logit_softcapping'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
