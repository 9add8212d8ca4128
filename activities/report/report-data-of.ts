import type { LineageEntry, ReportData } from '../../engine/report/report-data.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import type { Made } from './collect-made.ts';
import { measureTexts } from './measure-texts.ts';
import { stageCosts } from './stage-costs.ts';
import { trainingCurve } from './training-curve.ts';

/**
 * What the reports of a run say: all of it, for its private report. `lineage` lists the artifacts
 * that are committed.
 */
export async function reportDataOf(params: {
  deps: ActivityDeps;
  made: Made;
  lineage: LineageEntry[];
}): Promise<ReportData> {
  const { deps, made, lineage } = params;
  const { input, synthetic, zeroShot, textCounts, scores, selection, evaluations, statement } = made;
  const { run, config, plan, prepared, finetuned } = input;
  const { store } = deps;
  return {
    version: 'private',
    run,
    createdAt: input.startedAt,
    codeVersion: deps.codeVersion,
    config,
    trainingRecords: prepared.records,
    syntheticRecords: synthetic.records.length,
    statement,
    plan: {
      noiseMultiplier: plan.mechanism.noiseMultiplier,
      delta: plan.mechanism.delta,
      samplingRate: plan.mechanism.samplingRate,
      trainableParameters: plan.trainableParameters,
      noiseToClippingRatio: plan.noiseToClippingRatio,
      warnings: plan.warnings,
    },
    scores,
    ...(selection && { selection }),
    ...evaluations,
    samples: { synthetic: synthetic.first, zeroShot: zeroShot?.first ?? [] },
    textCounts,
    texts: await measureTexts({
      deps,
      model: config.model,
      synthetic: synthetic.records,
      zeroShot: zeroShot?.records ?? [],
      train: prepared.train,
    }),
    trainingCurve:
      finetuned === null ? [] : await trainingCurve({ store, diagnostics: finetuned.diagnostics }),
    stages: await stageCosts({ store, run }),
    lineage,
  };
}
