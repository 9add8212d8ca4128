/** One trainable tensor in the flat vector of all parameters, row by row (row-major). */
export type ParameterTensor = {
  name: string;
  shape: readonly number[];
  /** Its first index in the flat vector. */
  offset: number;
  /** Number of elements: the product of its shape. */
  length: number;
};
