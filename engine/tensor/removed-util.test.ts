import { expect, test } from 'vitest';
import { restoreRemovedUtil } from './removed-util.ts';

type Restored = {
  isArray: (value: unknown) => boolean;
  isNullOrUndefined: (value: unknown) => boolean;
};

test('functions removed in Node 23 are restored with the same results', () => {
  const bare: Partial<Restored> = {};
  restoreRemovedUtil(bare);
  const { isArray, isNullOrUndefined } = bare as Restored;
  expect([[], new Float32Array(1), 'a', null].map(isArray)).toEqual([true, false, false, false]);
  expect([null, undefined, 0, '', false].map(isNullOrUndefined)).toEqual([true, true, false, false, false]);
});

test('TensorFlow computes on this version of Node without warnings', async () => {
  const warnings: string[] = [];
  process.on('warning', ({ message }) => warnings.push(message));
  const { tf } = await import('./tensorflow.ts');
  const [row] = tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const gathered = tf.gather(tf.matMul(x, x), [1]);
    return [tf.concat([tf.slice(gathered, [0, 0], [1, 2]), tf.split(x, 2)[0]], 1).arraySync()];
  });
  expect(row).toEqual([[15, 22, 1, 2]]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings.filter((message) => message.includes('util.'))).toEqual([]);
});
