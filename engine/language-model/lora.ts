import type { LoraConfig } from '../../schemas/experiment.ts';
import { matMul } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import type { Llama } from './llama.ts';
import { type MatrixName, type ModelConfig, matrixShape } from './model-config.ts';

/** One adapted matrix: y = x W + scale (x A) B, with A [inputs, rank] and B [rank, outputs] (arXiv 2106.09685). */
export type LoraSite = {
  block: number;
  matrix: MatrixName;
  inputs: number;
  outputs: number;
  rank: number;
  /** Where A and B begin in the flat vector of the adapter. */
  offsetA: number;
  offsetB: number;
};

/**
 * Which matrices are adapted, and the order of the adapter in one flat vector: every B, then every A. What is trained
 * stands at its beginning: all of it, or the first part where A is frozen.
 */
export type LoraLayout = {
  sites: LoraSite[];
  scale: number;
  /** Length of the flat vector. */
  values: number;
  /** Trainable parameters d. */
  parameters: number;
  freezeA: boolean;
  firstBlock: number;
};

export function loraLayout(model: ModelConfig, config: LoraConfig): LoraLayout {
  const { rank, alpha, freezeA, matrices } = config;
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

/** A and B of a site as views of the flat vector. */
export function siteValues(site: LoraSite, values: Float32Array): { a: Float32Array; b: Float32Array } {
  const { offsetA, offsetB, inputs, outputs, rank } = site;
  return {
    a: values.subarray(offsetA, offsetA + inputs * rank),
    b: values.subarray(offsetB, offsetB + rank * outputs),
  };
}

/**
 * Starting point: A uniform in +-1/sqrt(inputs) (Kaiming with a = sqrt(5), as PEFT), B zero, so that the first
 * output is the base model's. Public randomness from the seed.
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

/** A and B of each site as tensors, by block and matrix. */
export type LoraTensors = { a: Tensor; b: Tensor; site: LoraSite }[];

export function loraTensors(layout: LoraLayout, values: Float32Array): LoraTensors {
  return layout.sites.map((site) => {
    const { a, b } = siteValues(site, values);
    return {
      site,
      a: tf.tensor2d(a, [site.inputs, site.rank]),
      b: tf.tensor2d(b, [site.rank, site.outputs]),
    };
  });
}

/** A copy of the model's adapted weights with the update added in, for generation at the base model's speed. */
export function mergeLora(model: Llama, layout: LoraLayout, values: Float32Array): Llama {
  const { config } = model;
  const queries = config.heads * config.headWidth;
  const keys = config.keyValueHeads * config.headWidth;
  const columns: Record<MatrixName, { weight: 'qkv' | 'o' | 'gateUp' | 'down'; from: number }> = {
    q: { weight: 'qkv', from: 0 },
    k: { weight: 'qkv', from: queries },
    v: { weight: 'qkv', from: queries + keys },
    o: { weight: 'o', from: 0 },
    gate: { weight: 'gateUp', from: 0 },
    up: { weight: 'gateUp', from: config.hidden },
    down: { weight: 'down', from: 0 },
  };
  const blocks = model.blocks.map((block) => ({ ...block }));
  const merged = new Set<Tensor>();
  for (const { a, b, site } of loraTensors(layout, values)) {
    const { weight, from } = columns[site.matrix];
    const before = blocks[site.block][weight];
    const after = tf.tidy(() => {
      const update = tf.mul(matMul(a, b), layout.scale);
      const right = before.shape[1]! - from - site.outputs;
      return tf.add(
        before,
        tf.pad(update, [
          [0, 0],
          [from, right],
        ]),
      );
    });
    if (merged.delete(before)) before.dispose();
    merged.add(after);
    blocks[site.block][weight] = after;
    tf.dispose([a, b]);
  }
  return { ...model, blocks };
}

/** Frees what `mergeLora` made, and leaves the base model whole. */
export function disposeMerged(merged: Llama, base: Llama): void {
  merged.blocks.forEach((block, i) => {
    for (const name of ['qkv', 'o', 'gateUp', 'down'] as const)
      if (block[name] !== base.blocks[i][name]) block[name].dispose();
  });
}
