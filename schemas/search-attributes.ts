import type { ExperimentConfig } from './experiment.ts';
import type { Scores } from './scores.ts';
import type { Stage } from './stages.ts';

/**
 * What runs can be looked up by in Temporal, where its namespace has these custom search attributes. Their
 * values are not encrypted: nothing that is computed from private records but what may be known.
 */
export const SearchAttribute = {
  dataset: { name: 'DpsynthDataset', type: 'KEYWORD' },
  stage: { name: 'DpsynthStage', type: 'KEYWORD' },
  epsilon: { name: 'DpsynthEpsilon', type: 'DOUBLE' },
  score: { name: 'DpsynthScore', type: 'DOUBLE' },
  sweep: { name: 'DpsynthSweep', type: 'KEYWORD' },
} as const;

/** As Temporal's SDK takes them, which this room does not know. */
export type AttributePair =
  | { key: { name: string; type: 'KEYWORD' }; value: string }
  | { key: { name: string; type: 'DOUBLE' }; value: number };

const MAX_CHARACTERS = 255;

/** What is known of a run before it starts. `sweep` names the one that it is a variant of. */
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

/** Of a sweep, on its own page: its variants carry the rest. */
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

/** Mean accuracy of the classifiers trained on the synthetic corpus, where it may be known. */
export function scoreAttribute(published: Scores | null): AttributePair[] {
  const accuracy = published?.rows.find(({ source }) => source === 'synthetic')?.mean.accuracy;
  return typeof accuracy === 'number' ? [{ key: SearchAttribute.score, value: accuracy }] : [];
}
