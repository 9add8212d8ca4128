import type { ReportInput } from '../../schemas/activities.ts';
import type { DpStageInput } from '../../schemas/budget.ts';

/** A stage of a run that spent budget, and the name of what it released. */
export type RunRelease = { given: DpStageInput; release: string };

/** Returns what a run with privacy is about to publish: the release of its fine-tuning, and that of its selection. */
export function releasesOfRun(input: ReportInput): RunRelease[] {
  const { run, config, plan, prepared, finetuned, selected, synthetic } = input;
  const { train } = prepared;
  const releases: RunRelease[] = [];
  if (finetuned !== null) {
    const given = { run, config, train, plan: plan.mechanism, microBatch: config.training.microBatch };
    releases.push({ given: { stage: 'finetune', input: given }, release: finetuned.release ?? '' });
  }
  if (selected !== undefined && plan.selection !== undefined) {
    const given = { run, config, pool: synthetic, train, plan: plan.selection };
    releases.push({ given: { stage: 'select', input: given }, release: selected.release ?? '' });
  }
  return releases;
}
