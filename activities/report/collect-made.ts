import { type PrivacyStatement, privacyStatement, type Ran } from '../../engine/privacy/statement.ts';
import type { ReportData } from '../../engine/report/report-data.ts';
import type { ReportInput } from '../../schemas/activities.ts';
import type { EvaluationData } from '../../schemas/evaluations/index.ts';
import type { SampledCorpus } from '../../schemas/run-layout.ts';
import type { Scores } from '../../schemas/scores.ts';
import { type SelectionSummary, selectionSummarySchema } from '../../schemas/selection.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { collectEvaluations } from '../evaluations/index.ts';
import { collectScores } from './collect-scores.ts';
import { collectTextCounts } from './collect-text-counts.ts';
import { type MergedCorpus, mergeShards } from './merge-shards.ts';

/** Records of each label that the report and the card show. */
const SAMPLES = 4;

/** All that a run has made, before it is committed. */
export type Made = {
  input: ReportInput;
  /** What a released statement must say; null for a run that is not released. */
  ran: Ran | null;
  /** Whether what the mechanism made leaves the private area. */
  isReleased: boolean;
  synthetic: MergedCorpus;
  /** null if the base model wrote nothing. */
  zeroShot: MergedCorpus | null;
  /**
   * What became of the texts that were sampled: those of the pool, if the synthetic ones were
   * selected from one.
   */
  textCounts: NonNullable<ReportData['textCounts']>;
  scores: Scores;
  /** What was measured beside the scores, as far as it was asked for. */
  evaluations: Partial<EvaluationData>;
  /** What the selection did; undefined without one. */
  selection: SelectionSummary | undefined;
  statement: PrivacyStatement;
};

/** Reads what the steps of a run have left. Writes nothing. */
export async function collectMade(params: {
  store: ArtifactStore;
  input: ReportInput;
  ran: Ran | null;
}): Promise<Made> {
  const { store, input, ran } = params;
  const { run, config, plan, selected } = input;
  const { sampling } = config;
  const isDistinct = sampling.filter?.duplicates ?? false;
  const merged = (shards: ReportInput['synthetic']) =>
    mergeShards({ store, shards, keepOfEach: SAMPLES, isDistinct });
  const countsOf = (source: SampledCorpus, duplicates = 0) =>
    collectTextCounts({ store, run, source, shards: sampling.shards, duplicates });
  const synthetic = await merged(selected === undefined ? input.synthetic : [selected.corpus]);
  const zeroShot = input.zeroShot.length === 0 ? null : await merged(input.zeroShot);
  return {
    input,
    ran,
    // Without DP the synthetic corpus is as private as the records that it was learned from.
    isReleased: plan.mechanism.private && ran !== null,
    synthetic,
    zeroShot,
    textCounts: {
      synthetic: await countsOf(selected === undefined ? 'synthetic' : 'pool', synthetic.duplicates),
      zeroShot: await countsOf('zero-shot', zeroShot?.duplicates),
    },
    scores: await collectScores({ store, input }),
    evaluations: await collectEvaluations({ store, input }),
    selection: selected && (await store.readJson(selected.summary, selectionSummarySchema)),
    statement: privacyStatement(plan.mechanism, ran),
  };
}
