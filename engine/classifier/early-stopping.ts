import type { Architecture } from './architecture.ts';
import type { ClassifierRecord } from './classifier-record.ts';

/** Watches the loss on held-out records while a classifier is trained without privacy. */
export type ValidationWatch = {
  /** Measures the loss of the trained numbers after `step` updates. */
  look(step: number, parameters: Float32Array): void;
  /** Returns the trained numbers with the lowest loss so far. */
  best(): Float32Array;
  /** Aborts after `patience` consecutive looks without a lower loss. */
  signal: AbortSignal;
};

export function watchValidation(params: {
  architecture: Architecture;
  validation: readonly ClassifierRecord[];
  patience: number;
}): ValidationWatch {
  const { architecture, validation, patience } = params;
  const stop = new AbortController();
  let best = { loss: Number.POSITIVE_INFINITY, parameters: new Float32Array(0) };
  let lookedAt = 0;
  let inVain = 0;
  return {
    look(step, parameters) {
      // The loop saves once more when it stops.
      if (step === lookedAt) return;
      lookedAt = step;
      const { losses } = architecture.evaluate(parameters, validation);
      const loss = losses.reduce((sum, value) => sum + value, 0);
      inVain = loss < best.loss ? 0 : inVain + 1;
      if (inVain === 0) best = { loss, parameters: Float32Array.from(parameters) };
      if (inVain >= patience) stop.abort();
    },
    best: () => best.parameters,
    signal: stop.signal,
  };
}
