import { type Tensor, tf } from '../engine/tensor/tensorflow.ts';
import type { OpTime } from './profile-text.ts';

type Execute = (name: string, attributes: unknown, inputs: Tensor[], ...rest: unknown[]) => unknown;
type Backend = Record<'executeSingleOutput' | 'executeMultipleOutputs', Execute>;

/**
 * Runs `work` and returns the time of every TensorFlow operation in it, by name and input shapes, the longest
 * first. Operations run one after another and finish before their call returns, so the time of the call is
 * that of the operation.
 */
export async function timeOps(work: () => Promise<void> | void): Promise<OpTime[]> {
  const backend = tf.backend() as unknown as Backend;
  const { executeSingleOutput, executeMultipleOutputs } = backend;
  const times = new Map<string, OpTime>();
  const timed =
    (execute: Execute): Execute =>
    (name, attributes, inputs, ...rest) => {
      const started = performance.now();
      const output = execute.call(backend, name, attributes, inputs, ...rest);
      addCall(times, { op: name, shapes: shapesOf(inputs), milliseconds: performance.now() - started });
      return output;
    };
  backend.executeSingleOutput = timed(executeSingleOutput);
  backend.executeMultipleOutputs = timed(executeMultipleOutputs);
  try {
    await work();
  } finally {
    Object.assign(backend, { executeSingleOutput, executeMultipleOutputs });
  }
  return [...times.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

function addCall(times: Map<string, OpTime>, call: Omit<OpTime, 'calls'>): void {
  const key = `${call.op} ${call.shapes}`;
  const known = times.get(key) ?? { ...call, milliseconds: 0, calls: 0 };
  known.calls += 1;
  known.milliseconds += call.milliseconds;
  times.set(key, known);
}

function shapesOf(inputs: readonly Tensor[]): string {
  return inputs.map(({ shape }) => (shape.length === 0 ? 'scalar' : shape.join('x'))).join(', ');
}
