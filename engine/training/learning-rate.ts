export type LearningRateSchedule = {
  peak: number;
  warmupSteps: number;
  decay: 'constant' | 'linear' | 'cosine';
};

/**
 * Returns the learning rate of update `step` (from 0) of `steps`. It rises linearly over `warmupSteps`
 * updates and reaches the peak at the last of them. Then it is constant, or falls (linearly or along half a
 * cosine) towards 0, which it would reach at `steps`.
 */
export function learningRateAt(params: {
  schedule: LearningRateSchedule;
  step: number;
  steps: number;
}): number {
  const { step, steps } = params;
  const { peak, warmupSteps, decay } = params.schedule;
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  if (decay === 'linear') return peak * (1 - progress);
  if (decay === 'cosine') return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
  return peak;
}
