import { z } from 'zod';
import { assertTemplate } from './assert-template.ts';
import { assertTuning } from './assert-tuning.ts';
import { invalidConfig } from './errors.ts';
import { type ExperimentConfig, experimentSchema } from './experiment.ts';
import { listNames } from './list-names.ts';
import { normaliseLabels } from './normalise-labels.ts';

/**
 * Validates an experiment, fills in the defaults and normalises its labels. Throws InvalidConfig with the
 * issues and their paths. It also finds faults that zod cannot see: labels without a description, proportions
 * of unknown labels.
 */
export function parseExperiment(input: unknown): ExperimentConfig {
  const parsed = experimentSchema.safeParse(input);
  if (!parsed.success) throw invalidConfig(`The experiment is not valid:\n${describeIssues(parsed.error)}`);
  const config = normaliseLabels(parsed.data);
  const { labels } = config.corpus;
  assertTemplate(config);
  if (config.sampling.labels !== 'uniform') {
    const unknown = Object.keys(config.sampling.labels).filter((label) => !labels.includes(label));
    if (unknown.length > 0)
      throw invalidConfig(`sampling.labels has ${listNames(unknown)}, which corpus.labels does not have.`);
    if (!Object.values(config.sampling.labels).some((share) => share > 0))
      throw invalidConfig(
        'sampling.labels gives every label the proportion 0. Give at least one a larger proportion.',
      );
  }
  assertTuning(config);
  assertFineTuned(config);
  return config;
}

/** Without fine-tuning, only a selection learns anything from the private records. */
function assertFineTuned({ training, selection, evaluation }: ExperimentConfig): void {
  if (training.steps > 0) return;
  if (selection === undefined)
    throw invalidConfig(
      'training.steps is 0, so nothing learns from the corpus. Add `selection`, or set training.steps to 1 or more.',
    );
  if (evaluation.heldOut > 0)
    throw invalidConfig(
      'evaluation.heldOut compares the fine-tuned model with the base model, and training.steps is 0. Set it to 0.',
    );
}

const MOST_ISSUES = 20;

/** Shows only the first issues, because many labels may have the same fault. */
function describeIssues({ issues }: z.ZodError): string {
  const first = z.prettifyError(new z.ZodError(issues.slice(0, MOST_ISSUES)));
  const more = issues.length - MOST_ISSUES;
  return more > 0 ? `${first}\nand ${more} more` : first;
}
