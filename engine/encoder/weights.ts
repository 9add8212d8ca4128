import { MATRICES } from '../language-model/model-config.ts';
import type { WeightSpec } from '../language-model/weights.ts';
import type { EncoderConfig } from './encoder-config.ts';

/**
 * Returns every weight of an encoder, in the order of their layout for training: `embedding`, `positions`,
 * `segments`, `embeddingNorm.weight`, `blocks.3.q.weight` [inputs, outputs], `blocks.3.attentionNorm.bias`
 * and so on.
 */
export function encoderSpecs(config: EncoderConfig): WeightSpec[] {
  const { vocabulary, width, hidden, positions, segments } = config;
  const specs: WeightSpec[] = [];
  const add = (name: string, shape: number[], block: number | null) => specs.push({ name, shape, block });
  const norm = (name: string, block: number | null) => {
    add(`${name}.weight`, [width], block);
    add(`${name}.bias`, [width], block);
  };
  add('embedding', [vocabulary, width], null);
  add('positions', [positions, width], null);
  if (segments > 0) add('segments', [segments, width], null);
  norm('embeddingNorm', null);
  for (let block = 0; block < config.blocks; block++) {
    const at = `blocks.${block}`;
    for (const matrix of MATRICES) {
      if (matrix === 'gate') continue;
      const [inputs, outputs] = [matrix === 'down' ? hidden : width, matrix === 'up' ? hidden : width];
      add(`${at}.${matrix}.weight`, [inputs, outputs], block);
      add(`${at}.${matrix}.bias`, [outputs], block);
    }
    norm(`${at}.attentionNorm`, block);
    norm(`${at}.feedForwardNorm`, block);
  }
  return specs;
}
