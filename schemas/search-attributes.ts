import type { ExperimentConfig } from './experiment.ts';
import type { Scores } from './scores.ts';
import type { Stage } from './stages.ts';

/**
 * The custom search attributes with which runs can be found in Temporal, if its namespace has them.
 * Their values are not encrypted, so they contain nothing that is computed from private records unless
 * it is public.
 */
export const SearchAttribute = {
  dataset: { name: 'DpsynthDataset', type: 'KEYWORD' },
  stage: { name: 'DpsynthStage', type: 'KEYWORD' },
  epsilon: { name: 'DpsynthEpsilon', type: 'DOUBLE' },
  score: { name: 'DpsynthScore', type: 'DOUBLE' },
  sweep: { name: 'DpsynthSweep', type: 'KEYWORD' },
} as const;

/** In the form of Temporal's SDK, which schemas/ does not import. */
export type AttributePair =
  | { key: { name: string; type: 'KEYWORD' }; value: string }
  | { key: { name: string; type: 'DOUBLE' }; value: number };

const MAX_CHARACTERS = 255;

/**
 * Returns the attributes of a run that are known before it starts. `sweep` is the sweep that it is
 * a variant of.
 */
export function attributesOfRun(params: {
  config: Pick<ExperimentConfig, 'corpus' | 'privacy'>;
  sweep?: string;
}): AttributePair[] {
  const { corpus, privacy } = params.config;
  const { dataset, epsilon, sweep } = SearchAttribute;
  return [
    { key: dataset, value: corpus.source.slice(0, MAX_CHARACTERS) },
    ...(privacy.epsilon === 'none' ? [] : [{ key: epsilon, value: privacy.epsilon }]),
    ...(params.sweep === undefined ? [] : [{ key: sweep, value: params.sweep }]),
  ];
}

/** Returns the attributes of a sweep itself; its variants carry the others. */
export function attributesOfSweep(params: { sweep: string; dataset: string }): AttributePair[] {
  const { dataset, sweep } = SearchAttribute;
  return [
    { key: dataset, value: params.dataset.slice(0, MAX_CHARACTERS) },
    { key: sweep, value: params.sweep },
  ];
}

export function stageAttribute(stage: Stage): AttributePair[] {
  return [{ key: SearchAttribute.stage, value: stage }];
}

/** Returns the mean accuracy of the classifiers trained on the synthetic corpus, if it is public. */
export function scoreAttribute(published: Scores | null): AttributePair[] {
  const accuracy = published?.rows.find(({ source }) => source === 'synthetic')?.mean.accuracy;
  return typeof accuracy === 'number' ? [{ key: SearchAttribute.score, value: accuracy }] : [];
}
