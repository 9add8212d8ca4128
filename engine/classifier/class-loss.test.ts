import { expect, test } from 'vitest';
import { softmaxCrossEntropy } from '../tensor/ops.ts';
import { type Tensor, tf } from '../tensor/tensorflow.ts';
import { classLoss, evaluateInBatches } from './class-loss.ts';
import type { ClassifierRecord } from './classifier-record.ts';

const logits = tf.tensor2d([
  [1.25, -0.5, 3],
  [0.1, 0.2, 0.3],
  [-7, 12, 4],
]);
const hard: ClassifierRecord[] = [2, 0, 1].map((label) => ({ ids: [], label }));
const bits = (tensor: Tensor) => [...new Uint32Array((tensor.dataSync() as Float32Array).slice().buffer)];

test('records with labels alone have the loss of the labels to the last bit, whatever else is in their batch', () => {
  const { nll, dLogits } = softmaxCrossEntropy(logits, Int32Array.of(2, 0, 1), true);
  const alone = classLoss(logits, hard);
  expect([...alone.losses]).toEqual([...nll.dataSync()]);
  expect(bits(alone.dLogits)).toEqual(bits(dLogits!));
  const mixed = classLoss(logits, [
    hard[0],
    { ...hard[1], probabilities: [0.2, 0.3, 0.5], weight: 3 },
    hard[2],
  ]);
  expect([mixed.losses[0], mixed.losses[2]]).toEqual([alone.losses[0], alone.losses[2]]);
  const [own, others] = [mixed, alone].map(({ dLogits }) => bits(dLogits));
  expect([...own.slice(0, 3), ...own.slice(6)]).toEqual([...others.slice(0, 3), ...others.slice(6)]);
});

test('probabilities of one class alone are its label, and a weight multiplies loss and gradient', () => {
  const label = classLoss(logits, hard);
  const sure = hard.map(({ ids, label }) => ({
    ...{ ids, label: (label + 1) % 3, weight: 2 },
    probabilities: [0, 1, 2].map((k) => (k === label ? 1 : 0)),
  }));
  const soft = classLoss(logits, sure);
  soft.losses.forEach((loss, record) => {
    expect(loss).toBeCloseTo(2 * label.losses[record], 5);
  });
  const [gradient, wanted] = [soft, label].map(({ dLogits }) => dLogits.dataSync());
  gradient.forEach((value, k) => {
    expect(value).toBeCloseTo(2 * wanted[k], 5);
  });
});

test('the loss on held-out records is that of training, and classes are those of the logits', () => {
  const records = [hard[0], { ...hard[1], probabilities: [0.2, 0.3, 0.5] }, { ...hard[2], weight: 3 }];
  const { losses, predicted } = evaluateInBatches(records, () => tf.clone(logits));
  expect([...losses]).toEqual([...classLoss(logits, records).losses]);
  expect([...predicted]).toEqual([2, 2, 1]);
});

test('leaves no tensor behind but the gradient', () => {
  const records = hard.map((record) => ({ ...record, probabilities: [0.2, 0.3, 0.5], weight: 2 }));
  const before = tf.memory().numTensors;
  classLoss(logits, records).dLogits.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
