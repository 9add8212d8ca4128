import { freemem } from 'node:os';
import type { AdapterConfig, Precision, TrainingConfig } from '../../schemas/settings/training.ts';
import { trainableParameters } from '../language-model/count-parameters.ts';
import { type ModelConfig, matricesOf, matrixShape } from '../language-model/model-config.ts';
import { parameterCount } from '../language-model/weights.ts';

const FLOAT_BYTES = 4;
/**
 * Share of the free memory that training may plan with, since the estimate counts tensors but not the
 * allocator.
 */
const USABLE = 0.8;
/** Memory of Node, TensorFlow and the tokenizer. */
const RUNTIME_BYTES = 400e6;
/**
 * Rows of logits in memory at a time, and the number of tensors of that size in the loss (see
 * output-loss.ts).
 */
const LOGIT_ROWS = 256;
const LOGIT_COPIES = 4;
/** A smaller micro-batch leaves the processor idle, so recomputing activations is better. */
const SMALLEST_EFFICIENT = 8;

export type MemoryPlan = { microBatch: number; recompute: boolean; bytes: number };

/**
 * Chooses the physical micro-batch, at most the configured one, and whether to recompute activations, so that
 * training fits into `available` bytes. If nothing fits, returns the smallest possible plan: the attempt may
 * still succeed, and fails with OutOfMemory otherwise.
 */
export function planMemory(params: {
  model: ModelConfig;
  adapter: AdapterConfig;
  tokens: number;
  microBatch: number;
  recompute: TrainingConfig['recompute'];
  precision: Precision;
  available?: number;
}): MemoryPlan {
  const { model, adapter, tokens, microBatch: most, recompute: wanted, precision } = params;
  const budget = USABLE * (params.available ?? availableMemory());
  const largest = (recompute: boolean): MemoryPlan => {
    let microBatch = most;
    const bytes = () => trainingBytes({ model, adapter, tokens, microBatch, recompute, precision });
    while (microBatch > 1 && bytes() > budget) microBatch = Math.floor(microBatch / 2);
    return { microBatch, recompute, bytes: bytes() };
  };
  if (wanted !== 'auto') return largest(wanted === 'on');
  const plain = largest(false);
  return plain.microBatch >= Math.min(most, SMALLEST_EFFICIENT) && plain.bytes <= budget
    ? plain
    : largest(true);
}

/**
 * Returns the peak memory of training in bytes, by counting tensors. `tokens` is the length of the longest
 * record.
 */
export function trainingBytes(params: {
  model: ModelConfig;
  adapter: AdapterConfig;
  tokens: number;
  microBatch: number;
  recompute: boolean;
  precision: Precision;
}): number {
  const { model, adapter, microBatch, recompute, precision } = params;
  const tokens = params.tokens + (adapter.method === 'prompt' ? adapter.length : 0);
  const rows = microBatch * tokens;
  const parameters = trainableParameters(model, adapter);
  const tape = blockTapeFloats(model, tokens);
  const kept = recompute ? model.blocks * model.width + tape : model.blocks * tape;
  // Both passes need about one more tape of intermediate results.
  const activations = rows * (kept + 2 * tape);
  // A matrix in both directions in bfloat16 is as large as in float32; the output matrix is extra to the
  // embedding.
  const packed = precision === 'bfloat16' ? model.vocabulary * model.width : 0;
  const logits = LOGIT_COPIES * LOGIT_ROWS * model.vocabulary;
  return (
    RUNTIME_BYTES +
    FLOAT_BYTES * (parameterCount(model) + packed + activations + logits + methodFloats(params, parameters))
  );
}

/** Returns the number of values per token that one block keeps for its backward pass. */
function blockTapeFloats(model: ModelConfig, tokens: number): number {
  const { width, hidden, heads, keyValueHeads, headWidth, gated, postNorms } = model;
  const attention = (heads + 2 * keyValueHeads) * headWidth + heads * tokens + heads * headWidth;
  const norms = (postNorms ? 4 : 2) * width;
  return norms + attention + (gated ? 2 : 1) * hidden;
}

/**
 * Returns the number of values of the method besides activations: parameters, their sums and moments, and
 * gradients of records.
 */
function methodFloats(
  { model, adapter, tokens, microBatch }: Parameters<typeof trainingBytes>[0],
  parameters: number,
): number {
  // Current values, start, sum, noised gradient and two moments, both as tensors and as arrays.
  const states = 8 * parameters;
  if (adapter.method !== 'full') return states + 2 * microBatch * parameters;
  const inputsOutputs = matricesOf(model).reduce((sum, matrix) => {
    const { inputs, outputs } = matrixShape(model, matrix);
    return sum + inputs + outputs;
  }, 0);
  const book = microBatch * tokens * (model.blocks * inputsOutputs + 2 * model.vocabulary);
  return states + book;
}

/** Returns how many bytes this process may still allocate, within its memory limit if it has one. */
export function availableMemory(): number {
  // Node has this function from 20.13 on.
  return process.availableMemory?.() || freemem();
}
