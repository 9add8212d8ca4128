import { type ModelConfig, matricesOf, matrixShape } from './model-config.ts';

/**
 * One weight of a model by its name in the engine: `embedding`, `positions`, `finalNorm.weight`, `output`, or
 * `blocks.3.q.weight` [inputs, outputs], `blocks.3.q.bias`, `blocks.3.attentionNorm.weight` and so on.
 */
export type WeightSpec = { name: string; shape: number[]; block: number | null };

/** Returns every weight of a model, in the order of reading and of the layout of full fine-tuning. */
export function weightSpecs(config: ModelConfig): WeightSpec[] {
  const { width, vocabulary, headWidth, learnedPositions } = config;
  const specs: WeightSpec[] = [];
  const add = (name: string, shape: number[], block: number | null = null) =>
    specs.push({ name, shape, block });
  const norm = (name: string, size: number, block: number | null = null) => {
    add(`${name}.weight`, [size], block);
    if (config.norm === 'layer') add(`${name}.bias`, [size], block);
  };

  add('embedding', [vocabulary, width]);
  if (learnedPositions !== null) add('positions', [learnedPositions, width]);
  for (let block = 0; block < config.blocks; block++) {
    const at = `blocks.${block}`;
    norm(`${at}.attentionNorm`, width, block);
    norm(`${at}.feedForwardNorm`, width, block);
    if (config.postNorms) {
      norm(`${at}.attentionPostNorm`, width, block);
      norm(`${at}.feedForwardPostNorm`, width, block);
    }
    if (config.queryKeyNorm) {
      add(`${at}.queryNorm.weight`, [headWidth], block);
      add(`${at}.keyNorm.weight`, [headWidth], block);
    }
    for (const matrix of matricesOf(config)) {
      const { inputs, outputs } = matrixShape(config, matrix);
      add(`${at}.${matrix}.weight`, [inputs, outputs], block);
      if (config.biases.includes(matrix)) add(`${at}.${matrix}.bias`, [outputs], block);
    }
  }
  norm('finalNorm', width);
  if (!config.tiedEmbeddings) add('output', [vocabulary, width]);
  return specs;
}

/** Returns the number of parameters of the whole model. */
export function parameterCount(config: ModelConfig): number {
  return weightSpecs(config).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
