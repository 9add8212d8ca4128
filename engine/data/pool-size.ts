import type { ExperimentConfig } from '../../schemas/experiment.ts';

/**
 * Returns how many texts a run samples in all: those to select from, or simply the records that it releases.
 */
export function poolSize({ sampling, selection }: Pick<ExperimentConfig, 'sampling' | 'selection'>): number {
  return Math.ceil(sampling.records * (selection?.pool ?? 1));
}
