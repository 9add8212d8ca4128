import { z } from 'zod';
import { assertTuning } from './assert-tuning.ts';
import { invalidConfig } from './errors.ts';
import { type ExperimentConfig, experimentSchema } from './experiment.ts';

/**
 * Validates one experiment and fills in the defaults.
 * Throws InvalidConfig with every issue and its path, also for what zod alone cannot see: labels without a
 * description, proportions of unknown labels.
 */
export function parseExperiment(input: unknown): ExperimentConfig {
  const parsed = experimentSchema.safeParse(input);
  if (!parsed.success) throw invalidConfig(`The experiment is not valid:\n${z.prettifyError(parsed.error)}`);
  const config = parsed.data;
  const { labels } = config.corpus;
  if (new Set(labels).size !== labels.length) throw invalidConfig('corpus.labels names a label twice.');
  if (config.template.form === 'chat') {
    const { descriptions } = config.template;
    const missing = labels.filter((label) => !(label in descriptions));
    const unknown = Object.keys(descriptions).filter((label) => !labels.includes(label));
    if (missing.length > 0)
      throw invalidConfig(`template.descriptions lacks ${missing.join(', ')}: each label needs one.`);
    if (unknown.length > 0)
      throw invalidConfig(`template.descriptions has ${unknown.join(', ')}, which corpus.labels does not.`);
  }
  if (config.sampling.labels !== 'uniform') {
    const unknown = Object.keys(config.sampling.labels).filter((label) => !labels.includes(label));
    if (unknown.length > 0)
      throw invalidConfig(`sampling.labels has ${unknown.join(', ')}, which corpus.labels does not.`);
    if (!Object.values(config.sampling.labels).some((share) => share > 0))
      throw invalidConfig('sampling.labels gives every label the proportion 0.');
  }
  assertTuning(config);
  return config;
}
