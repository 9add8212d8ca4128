import { invalidData } from '../../schemas/errors.ts';
import type { NumberArray } from '../data/npy.ts';

/** One vector per text, row by row: `values` is [rows, dims]. */
export type Embeddings = { rows: number; dims: number; values: Float32Array };

/**
 * Returns an array as embeddings. `name` appears in error messages. Throws InvalidData unless the array has
 * two dimensions, neither of size 0, and finite numbers only.
 */
export function toEmbeddings({ shape, values }: NumberArray, name: string): Embeddings {
  const [rows, dims] = shape;
  if (shape.length !== 2)
    throw invalidData(`${name} has the shape [${shape.join(', ')}]; embeddings must be rows x dims.`);
  if (rows === 0 || dims === 0) throw invalidData(`${name} contains no embeddings.`);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw invalidData(`${name}, row ${Math.floor(wrong / dims) + 1} contains a number that is not finite.`);
  return { rows, dims, values };
}

/** Throws InvalidData if two sets of embeddings have different dimensions and so different encoders. */
export function assertSameDims(p: Embeddings, q: Embeddings): void {
  if (p.dims !== q.dims)
    throw invalidData(
      `The embeddings have ${p.dims} and ${q.dims} dimensions: they must come from the same encoder.`,
    );
}
