/** One trainable tensor in the flat vector of all parameters, row by row (row-major). */
export type ParameterTensor = {
  name: string;
  shape: readonly number[];
  /** Where it begins in the flat vector, in numbers. */
  offset: number;
  /** How many numbers it has: the product of its shape. */
  length: number;
};
