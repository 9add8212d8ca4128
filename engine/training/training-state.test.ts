import { expect, it } from 'vitest';
import { decodeTrainingState, encodeTrainingState, initialTrainingState } from './training-state.ts';

const fresh = () => initialTrainingState(Float32Array.of(1, 2, 3), { averaging: 0.5 });

it('reads a checkpoint back unchanged, before the first update and with the vectors of an optimizer', () => {
  const state = fresh();
  expect(decodeTrainingState(Buffer.concat([...encodeTrainingState(state)]))).toEqual(state);
  state.optimizer = {
    step: 4,
    vectors: { rows: Float32Array.of(0.1), columns: Float32Array.of(5, 6), square: new Float32Array(0) },
  };
  state.digests = { ...state.digests, steps: 4, clippingNorm: 0.1 + 0.2 };
  expect(decodeTrainingState(Buffer.concat([...encodeTrainingState(state)]))).toEqual(state);
});

it('refuses a truncated file or one with extra bytes', () => {
  const bytes = Buffer.concat([...encodeTrainingState(fresh())]);
  const corrupt = expect.objectContaining({ type: 'ArtifactCorrupt' });
  for (const damaged of [bytes.subarray(0, -1), bytes.subarray(0, 10), Buffer.concat([bytes, Buffer.of(0)])])
    expect(() => decodeTrainingState(damaged)).toThrow(corrupt);
});
