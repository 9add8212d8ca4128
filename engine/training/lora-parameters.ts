import type { LoraLayout } from '../language-model/lora-layout.ts';
import type { ParameterTensor } from './parameter-layout.ts';

/**
 * Returns the trained tensors of a LoRA adapter: every B [rank, outputs], then every A [inputs, rank] unless
 * A is frozen.
 */
export function loraParameters({ sites, freezeA }: LoraLayout): ParameterTensor[] {
  const ofB = sites.map(({ block, matrix, offsetB, outputs, rank }) =>
    tensor(`block ${block}, B of ${matrix}`, [rank, outputs], offsetB),
  );
  const ofA = sites.map(({ block, matrix, offsetA, inputs, rank }) =>
    tensor(`block ${block}, A of ${matrix}`, [inputs, rank], offsetA),
  );
  return freezeA ? ofB : [...ofB, ...ofA];
}

function tensor(name: string, shape: [number, number], offset: number): ParameterTensor {
  return { name, shape, offset, length: shape[0] * shape[1] };
}
