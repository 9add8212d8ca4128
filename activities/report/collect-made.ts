import { type PrivacyStatement, privacyStatement, type Ran } from '../../engine/privacy/statement.ts';
import type { ReportInput } from '../../schemas/activities.ts';
import type { EvaluationData } from '../../schemas/evaluations/index.ts';
import type { Scores } from '../../schemas/scores.ts';
import { type SelectionSummary, selectionSummarySchema } from '../../schemas/selection.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { collectEvaluations } from '../evaluations/index.ts';
import { collectScores } from './collect-scores.ts';
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
  const { plan, synthetic, selected, zeroShot } = input;
  const merged = (shards: ReportInput['synthetic']) => mergeShards({ store, shards, keepOfEach: SAMPLES });
  return {
    input,
    ran,
    // Without DP the synthetic corpus is as private as the records that it was learned from.
    isReleased: plan.mechanism.private && ran !== null,
    synthetic: await merged(selected === undefined ? synthetic : [selected.corpus]),
    zeroShot: zeroShot.length === 0 ? null : await merged(zeroShot),
    scores: await collectScores({ store, input }),
    evaluations: await collectEvaluations({ store, input }),
    selection: selected && (await store.readJson(selected.summary, selectionSummarySchema)),
    statement: privacyStatement(plan.mechanism, ran),
  };
}
