import { surveyCorpus, surveyWarnings } from '../../../engine/data/survey-corpus.ts';
import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import { readCorpus } from '../../../storage/assets/read-corpus.ts';
import { isS3Uri } from '../../../storage/s3/s3-location.ts';
import { colorsFor } from '../terminal/colors-for.ts';

/**
 * Warns on standard error of odd labels in a corpus on this machine, before a run spends anything. The run
 * itself cannot warn, because its messages are public and the contents of a corpus are private. A corpus that
 * cannot be read is left to the run, which refuses it.
 */
export async function warnOfCorpus({ corpus }: ExperimentConfig): Promise<void> {
  if (isS3Uri(corpus.source)) return;
  const warnings = await readCorpus({ source: corpus.source })
    .then((bytes) => surveyWarnings(surveyCorpus({ bytes, corpus })))
    .catch(() => []);
  for (const warning of warnings) console.error(colorsFor(process.stderr).yellow(`Warning: ${warning}`));
}
