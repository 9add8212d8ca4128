import type { JobOf } from '../../schemas/jobs.ts';
import { type Decisive, decisiveTraining, type FINETUNE_JOB } from '../../schemas/settings/decisive.ts';
import type { Precision } from '../../schemas/settings/training.ts';
import { sha256 } from '../../storage/digest.ts';

/** Every decisive field of the job but its kind: one that is missing below does not compile. */
type Decided = Record<Exclude<keyof Decisive<JobOf<'finetune'>, typeof FINETUNE_JOB>, 'kind'>, unknown>;

/**
 * Digest of all that decides the gradients, with the precision that they are computed in: a worker of another precision neither
 * resumes the checkpoint nor draws the same noise. Where the run is kept and the physical micro-batch decide nothing.
 */
export function trainingDigest(job: JobOf<'finetune'>, precision: Precision): string {
  const { model, template, train, plan, seed } = job;
  const training = { ...decisiveTraining(job.training), precision };
  const decided: Decided = { model, template, train: train.keyedDigest, training, plan, seed };
  const content = JSON.stringify(decided);
  return sha256(content).slice(0, 32);
}
