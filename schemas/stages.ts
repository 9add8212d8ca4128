import { EVALUATIONS, type EvaluationStage } from './evaluations/index.ts';

const { heldOut, ...afterSampling } = Object.fromEntries(
  Object.entries(EVALUATIONS).map(([stage, { label }]) => [stage, label]),
) as Record<EvaluationStage, string>;

/** The stages of an experiment in the order in which people see them, with the words for each. */
export const STAGES = {
  prepare: 'Prepare the corpus',
  plan: 'Calibrate the noise',
  finetune: 'Fine-tune under DP',
  heldOut,
  sample: 'Sample synthetic records',
  select: 'Select by the DP teacher',
  zeroShot: 'Sample the un-tuned model',
  ...afterSampling,
  report: 'Write the report',
};

export type Stage = keyof typeof STAGES;
