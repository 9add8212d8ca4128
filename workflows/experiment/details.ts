import type { ExperimentState, StageState } from '../../schemas/experiment-state.ts';
import type { ScoreRow } from '../../schemas/scores.ts';
import { STAGES } from '../../schemas/stages.ts';
import { inline, page, score, short } from '../shared/markdown.ts';

/**
 * Returns the Markdown that the Temporal UI shows on the page of a run: stages, plan, scores and links. Pure.
 */
export function details(state: ExperimentState): string {
  const parts = [`### ${inline(state.name)}`];
  if (state.waitingFor) parts.push(`**Waiting for** ${inline(state.waitingFor)}`);
  parts.push(stageTable(state.stages.filter(isAsked)));
  if (state.plan !== null) {
    const { mechanism, trainableParameters, noiseToClippingRatio, warnings } = state.plan;
    parts.push(
      mechanism.private
        ? `**Privacy** epsilon ${short(mechanism.epsilon)} at delta ${mechanism.delta.toExponential(2)}, noise multiplier ${short(mechanism.noiseMultiplier)}, ` +
            `noise to clipping norm ${short(noiseToClippingRatio)}, ${trainableParameters} trainable parameters`
        : '**NOT PRIVATE**: this run has no differential privacy, so nothing computed from the corpus is released',
      ...warnings.map((warning) => `Warning: ${inline(warning)}`),
    );
  }
  if (state.result !== null) {
    const { published, statement, report, release, synthetic } = state.result;
    parts.push(
      published === null
        ? 'The scores are only in the private report, because the test set was not declared public.'
        : scoreTable(published.rows),
      `**Statement** ${inline(statement)}`,
      [
        `Report: \`${report.uri}\``,
        release === null
          ? 'Release: made when all runs of the sweep have ended'
          : `Release: \`${release.uri}\``,
        `Synthetic corpus: \`${synthetic.uri}\``,
      ]
        .map((line) => `- ${line}`)
        .join('\n'),
    );
  }
  return page(parts);
}

/** False once it is known that the stage has nothing to do in this experiment. */
function isAsked({ status, of }: StageState): boolean {
  return status !== 'skipped' || of > 0;
}

function stageTable(stages: readonly StageState[]): string {
  const rows = stages.map(
    (stage) =>
      `| ${STAGES[stage.stage]} | ${state(stage)} | ${stage.done} of ${stage.of} | ${seconds(stage)} |`,
  );
  return ['| Stage | State | Done | Time |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function scoreTable(rows: readonly ScoreRow[]): string {
  const lines = rows.map(({ source, mean, intervals }) => {
    const interval = intervals.balancedAccuracy;
    const range = interval === null ? '' : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
    return `| ${source} | ${score(mean.balancedAccuracy)} | ${range} | ${score(mean.accuracy)} | ${score(mean.macroF1)} |`;
  });
  return [
    '| Classifier trained on | Balanced accuracy | Interval | Accuracy | Macro-F1 |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function state({ status, cached }: StageState): string {
  return cached === 0 ? status : `${status}, ${cached} from the cache`;
}

function seconds({ startedAt, endedAt }: StageState): string {
  if (startedAt === null) return '';
  if (endedAt === null) return `since ${startedAt.slice(11, 19)} UTC`;
  return `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}
