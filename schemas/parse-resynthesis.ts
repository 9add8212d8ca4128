import { z } from 'zod';
import { invalidConfig } from './errors.ts';
import { parseExperiment } from './parse-experiment.ts';
import { type ResynthesisConfig, resynthesisSchema } from './resynthesis.ts';

/**
 * Validates the input of a re-synthesis and fills in the defaults. Throws InvalidConfig with every issue
 * and its path.
 */
export function parseResynthesis(input: unknown): ResynthesisConfig {
  const parsed = resynthesisSchema.safeParse(input);
  if (!parsed.success)
    throw invalidConfig(`The re-synthesis is not valid:\n${z.prettifyError(parsed.error)}`);
  const { experiment: given, ...rest } = parsed.data;
  const experiment = parseExperiment(given);
  const { corpus, privacy } = experiment;
  if (corpus.part !== undefined)
    throw invalidConfig('corpus.part is set. Leave it out, because each tick sets its own.');
  if (rest.mode === 'full' && privacy.ledger !== undefined && privacy.ledger.id === undefined)
    throw invalidConfig(
      'privacy.ledger.id is not set. By default the ledger is named by the content of the corpus, which would give a changing corpus a new ledger at each tick. Give the id of a ledger.',
    );
  return { ...rest, experiment };
}
