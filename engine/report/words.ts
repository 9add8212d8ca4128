import type { ScoreSource } from '../../schemas/scores.ts';
import type { ReportData } from './report-data.ts';

/** The rows of the result table, in order, with their names. */
export const SOURCES: readonly { source: ScoreSource; name: string; means: string }[] = [
  { source: 'majority', name: 'Majority', means: 'always predicts the most common real label' },
  { source: 'zero-shot', name: 'Zero-shot', means: 'texts of the base model' },
  { source: 'synthetic', name: 'Synthetic', means: 'texts of the fine-tuned model' },
  { source: 'real-dp', name: 'Real, DP', means: 'the private records, with DP-SGD at the same epsilon' },
  { source: 'real', name: 'Real', means: 'the private records themselves' },
];

/** Says what the classifier of the synthetic row learned from. */
export function syntheticMeans({ selection, config }: ReportData): string {
  const writer = config.training.steps === 0 ? 'base' : 'fine-tuned';
  return selection === undefined
    ? `texts of the ${writer} model`
    : `texts of the ${writer} model, selected by the DP teacher`;
}

/** Returns the name of the fine-tuned model's row, including its privacy. */
export function syntheticName(epsilon: number | 'none'): string {
  return epsilon === 'none' ? 'Synthetic, no privacy' : `Synthetic, ε\u00a0=\u00a0${epsilon}`;
}

/** Returns the colour of a row in every chart, a variable of the style sheet. */
export function sourceColour(source: ScoreSource): string {
  if (source === 'synthetic') return 'var(--accent)';
  return source === 'real' ? 'var(--real)' : 'var(--grey)';
}
