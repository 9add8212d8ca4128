import type { ParameterTensor } from '../training/parameter-layout.ts';

export type ClassifierLayout = {
  parameters: ParameterTensor[];
  groupOf: number[];
  groups: number;
};

/**
 * Lays out the trained tensors one after the other in the flat vector, each with its layer for per-layer
 * clipping.
 */
export function layoutOf(
  tensors: readonly { name: string; shape: number[]; group: number }[],
): ClassifierLayout {
  const parameters: ParameterTensor[] = [];
  let offset = 0;
  for (const { name, shape } of tensors) {
    const length = shape.reduce((a, b) => a * b, 1);
    parameters.push({ name, shape, offset, length });
    offset += length;
  }
  const groupOf = tensors.map(({ group }) => group);
  return { parameters, groupOf, groups: Math.max(...groupOf) + 1 };
}

export function countOf({ parameters }: ClassifierLayout): number {
  const { offset, length } = parameters[parameters.length - 1];
  return offset + length;
}
