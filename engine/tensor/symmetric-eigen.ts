import { type Tensor, tf } from './tensorflow.ts';

type Attribute = { name: string; type: number; value: number | boolean };
type Backend = {
  binding: Record<string, number>;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
};

/**
 * Returns the ascending eigenvalues [n] and the eigenvectors [n, n], one per column, of a symmetric matrix
 * [n, n] in float32. The public API of TensorFlow has no such operation.
 */
export function symmetricEigen(matrix: Tensor): { eigenvalues: Tensor; eigenvectors: Tensor } {
  const backend = tf.backend() as unknown as Backend;
  const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: 'compute_v', type: TF_ATTR_BOOL, value: true },
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
  ];
  const [eigenvalues, eigenvectors] = backend.executeMultipleOutputs(
    'SelfAdjointEigV2',
    attributes,
    [matrix],
    2,
  );
  return { eigenvalues, eigenvectors };
}
