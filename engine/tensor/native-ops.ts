import type { Activation, FusedOps, RotaryTables } from './fused-ops.ts';
import { type Tensor, tf } from './tensorflow.ts';

/**
 * The fused steps as native CPU kernels of ./native, one kernel per step. They require that
 * `loadNativeKernels` returned true, accept only float32, and throw if shapes do not fit.
 */
export const nativeOps: FusedOps = {
  rmsNorm(x, weight, epsilon) {
    const [y, inverse] = execute('RmsNorm', [x, weight], 2, [float('epsilon', epsilon)]);
    return { y, inverse };
  },

  rmsNormBackward({ dy, x, weight, inverse, residual }) {
    const inputs = [dy, x, weight, inverse];
    if (residual) inputs.push(residual);
    return execute('RmsNormBackward', inputs, 1, [integer('residuals', residual ? 1 : 0)])[0];
  },

  gatedActivation(gate, up, activation) {
    return execute(GATED[activation], [gate, up], 1)[0];
  },

  gatedActivationBackward({ dy, gate, up, activation }) {
    const [dGate, dUp] = execute(`${GATED[activation]}Backward`, [dy, gate, up], 2);
    return { dGate, dUp };
  },

  gelu: (x) => execute('Gelu', [x], 1)[0],

  geluBackward: (dy, x) => execute('GeluBackward', [dy, x], 1)[0],

  toHeads(x, { tokens, heads }, rotary) {
    const attributes = [integer('heads', heads), integer('tokens', tokens), ...tableCount(rotary)];
    return execute('ToHeads', [x, ...tables(rotary)], 1, attributes)[0];
  },

  fromHeads(x, { heads }, rotary) {
    return execute('FromHeads', [x, ...tables(rotary)], 1, [
      integer('heads', heads),
      ...tableCount(rotary),
    ])[0];
  },

  causalSoftmax(scores, scale, { tokens, window }) {
    const attributes = [float('scale', scale), integer('tokens', tokens), integer('window', window ?? 0)];
    return execute('CausalSoftmax', [scores], 1, attributes)[0];
  },

  softmaxBackward(dy, y, scale) {
    return execute('SoftmaxBackward', [dy, y], 1, [float('scale', scale)])[0];
  },

  visibleKeys(positions, window) {
    const ranges = positions.flatMap((own) => [window === null ? 0 : Math.max(0, own - window + 1), own + 1]);
    return tf.tensor2d(ranges, [positions.length, 2], 'int32');
  },

  cachedAttention({ q, k, v, visible, scale }) {
    return execute('CachedAttention', [q, k, v, visible], 1, [float('scale', scale)])[0];
  },

  softmaxCrossEntropy(logits, targets, withGradient) {
    const places = tf.tensor1d(targets, 'int32');
    const name = withGradient ? 'CrossEntropyWithGradient' : 'CrossEntropy';
    const [nll, dLogits = null] = execute(name, [logits, places], withGradient ? 2 : 1);
    places.dispose();
    return { nll, dLogits };
  },

  lloyd({ x, centroids, before, iterations }) {
    const inputs = [x, centroids, before];
    const [labels, scores, moved, progress] = execute('Lloyd', inputs, 4, [
      integer('iterations', iterations),
    ]);
    const [done, finished] = progress.dataSync();
    progress.dispose();
    return { labels, scores, centroids: moved, iterations: done, finished: finished === 1 };
  },
};

const GATED: Record<Activation, string> = { silu: 'GatedSilu', 'gelu-tanh': 'GatedGelu' };

type Attribute = { name: string; type: number; value: number };
type Backend = {
  binding: Record<string, number>;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
};

function execute(name: string, inputs: Tensor[], outputs: number, attributes: Attribute[] = []): Tensor[] {
  return backend().executeMultipleOutputs(`Dpsynth${name}`, attributes, inputs, outputs);
}

function backend(): Backend {
  return tf.backend() as unknown as Backend;
}

function float(name: string, value: number): Attribute {
  return { name, type: backend().binding.TF_ATTR_FLOAT, value };
}

function integer(name: string, value: number): Attribute {
  return { name, type: backend().binding.TF_ATTR_INT, value };
}

function tables(rotary: RotaryTables | null): Tensor[] {
  return rotary ? [rotary.cosine, rotary.sine] : [];
}

function tableCount(rotary: RotaryTables | null): Attribute[] {
  return [integer('tables_count', rotary ? 2 : 0)];
}
