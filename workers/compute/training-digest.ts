import type { JobOf } from '../../schemas/jobs.ts';
import { type Decisive, decisiveTraining, type FINETUNE_JOB } from '../../schemas/settings/decisive.ts';
import type { Precision } from '../../schemas/settings/training.ts';
import { sha256 } from '../../storage/digest.ts';

/** Every decisive field of the job except its kind. If one is missing below, this does not compile. */
type Decided = Record<Exclude<keyof Decisive<JobOf<'finetune'>, typeof FINETUNE_JOB>, 'kind'>, unknown>;

/**
 * Returns the digest of everything that determines the gradients, including their precision: a worker with
 * another precision neither resumes the checkpoint nor draws the same noise. The digest does not depend on
 * where the run is stored or on the physical micro-batch.
 */
export function trainingDigest(job: JobOf<'finetune'>, precision: Precision): string {
  const { model, template, train, plan, seed } = job;
  const training = { ...decisiveTraining(job.training), precision };
  const decided: Decided = { model, template, train: train.keyedDigest, training, plan, seed };
  const content = JSON.stringify(decided);
  return sha256(content).slice(0, 32);
}
