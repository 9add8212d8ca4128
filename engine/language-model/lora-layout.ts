import { invalidConfig } from '../../schemas/errors.ts';
import type { LoraConfig } from '../../schemas/settings/training.ts';
import { type MatrixName, type ModelConfig, matricesOf, matrixShape } from './model-config.ts';

/**
 * One adapted matrix: y = x W + scale (x A) B, with A [inputs, rank] and B [rank, outputs] (arXiv
 * 2106.09685).
 */
export type LoraSite = {
  block: number;
  matrix: MatrixName;
  inputs: number;
  outputs: number;
  rank: number;
  /** Offsets of A and B in the flat vector of the adapter. */
  offsetA: number;
  offsetB: number;
};

/**
 * The adapted matrices, and the order of the adapter in one flat vector: every B, then every A. The trained
 * numbers come first: the whole vector, or only the B part if A is frozen.
 */
export type LoraLayout = {
  sites: LoraSite[];
  scale: number;
  /** Length of the flat vector. */
  values: number;
  /** Number of trainable parameters d. */
  parameters: number;
  freezeA: boolean;
  firstBlock: number;
};

/** Returns the layout of an adapter on the model. @throws InvalidConfig for a matrix that the model lacks */
export function loraLayout(model: ModelConfig, config: LoraConfig): LoraLayout {
  const { rank, alpha, freezeA, matrices } = config;
  const missing = matrices.find((matrix) => !matricesOf(model).includes(matrix));
  if (missing)
    throw invalidConfig(
      `training.adapter.matrices: blocks of ${model.family} models have no ${missing} matrix; choose from ${matricesOf(model).join(', ')}.`,
    );
  const firstBlock = Math.max(0, model.blocks - (config.lastBlocks ?? model.blocks));
  const sites: LoraSite[] = [];
  let offset = 0;
  for (let block = firstBlock; block < model.blocks; block++)
    for (const matrix of matrices) {
      const { inputs, outputs } = matrixShape(model, matrix);
      sites.push({ block, matrix, inputs, outputs, rank, offsetA: 0, offsetB: offset });
      offset += rank * outputs;
    }
  const ofB = offset;
  for (const site of sites) {
    site.offsetA = offset;
    offset += rank * site.inputs;
  }
  return {
    sites,
    scale: alpha / rank,
    values: offset,
    parameters: freezeA ? ofB : offset,
    freezeA,
    firstBlock,
  };
}

/** Returns A and B of a site as views of the flat vector. */
export function siteValues(site: LoraSite, values: Float32Array): { a: Float32Array; b: Float32Array } {
  const { offsetA, offsetB, inputs, outputs, rank } = site;
  return {
    a: values.subarray(offsetA, offsetA + inputs * rank),
    b: values.subarray(offsetB, offsetB + rank * outputs),
  };
}

/**
 * Returns the starting point: A uniform in +-1/sqrt(inputs) (Kaiming with a = sqrt(5), like PEFT) and B zero,
 * so that the first output is the base model's. Uses public randomness from the seed.
 */
export function initialLora(layout: LoraLayout, uniform: () => number): Float32Array {
  const values = new Float32Array(layout.values);
  for (const site of layout.sites) {
    const { a } = siteValues(site, values);
    const bound = 1 / Math.sqrt(site.inputs);
    for (let i = 0; i < a.length; i++) a[i] = (2 * uniform() - 1) * bound;
  }
  return values;
}
