import { classifyRuns } from '../../../engine/classifier/classify-runs.ts';
import { searchSettings } from '../../../engine/classifier/search-settings.ts';
import type { EncoderFolder, TextEncoder } from '../../../engine/classifier/text-encoder.ts';
import { firstShare } from '../../../engine/data/first-share.ts';
import { derivedSeed } from '../../../engine/data/seeded-random.ts';
import { classificationMetrics } from '../../../engine/metrics/classification-metrics.ts';
import { confusionMatrix } from '../../../engine/metrics/confusion-matrix.ts';
import { DpsynthError, ErrorType, invalidData } from '../../../schemas/errors.ts';
import type { TriedSettings, TuningSearch } from '../../../schemas/evaluations/tuning.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import { type ClassifierConfig, classifierSchema, ownModel } from '../../../schemas/settings/classifier.ts';
import type { JobContext } from '../job-context.ts';
import { publicEncoder, publicTextEncoder, usesEmbeddings } from './public-text-encoder.ts';
import { readRecords, readTexts } from './read-records.ts';

/** Each search has classifiers of its own, so that none agrees with another by an equal start. */
const SEEDS: Record<JobOf<'tune'>['source'], number> = { synthetic: 0, real: 1, 'real-again': 2 };

/**
 * Trains one classifier with each of the settings, without privacy, and scores it: on a held-out part of the synthetic texts,
 * or, as a reference that decides nothing, trained on real records on the real test set. The search goes to
 * `private/<run>/tuning/<source>.json`.
 * Throws InvalidData where the training texts hold fewer than two labels or nothing is left to score on, Interrupted on abort.
 */
export async function runTune(job: JobOf<'tune'>, context: JobContext): Promise<JobResult<'tune'>> {
  const { run, source, labels, settings } = job;
  const { train, scored } = await splitTexts(job, context);
  const seed = derivedSeed({ seed: job.seed, purpose: 'tune', index: SEEDS[source] });
  const encoderOf = encoders(job.model);
  let trainingRecords = 0;
  const trainAndScore = async (tried: TriedSettings, index: number): Promise<number> => {
    const config = classifierSchema.parse({ ...job.classifier, ...tried });
    const { truth, runs, ...trained } = await classifyRuns({
      train,
      test: scored,
      labels,
      encoder: await encoderOf(config),
      config,
      seeds: [seed],
      onUpdate() {
        // Only whole classifiers are told: where one stopped early, the count of its updates says something of the records.
        context.onProgress({ phase: `tune on ${source}`, step: index, of: settings.length });
        if (context.signal.aborted)
          throw new DpsynthError({ type: ErrorType.Interrupted, message: 'The search was stopped.' });
      },
    });
    trainingRecords = trained.trainingRecords;
    const confusion = confusionMatrix({ truth, predicted: runs[0].predicted, classes: labels.length });
    return classificationMetrics(confusion).balancedAccuracy ?? Number.NaN;
  };
  const { searched, ranking } = await searchSettings({ settings, trainAndScore });
  const best = ranking.find((index) => searched[index].score !== null) ?? null;
  const search: TuningSearch = {
    source,
    seed,
    trainingRecords,
    scoredRecords: scored.length,
    searched,
    best,
  };
  return {
    search: await context.store.putJson({
      ...runLayout(run).search(source),
      value: search,
      indented: true,
      replace: true,
    }),
  };
}

async function splitTexts(
  { train, scoredOn, seed }: JobOf<'tune'>,
  { store }: JobContext,
): Promise<{ train: LabelledText[]; scored: LabelledText[] }> {
  const texts = await readTexts(store, train);
  if ('test' in scoredOn)
    return { train: texts, scored: await readRecords(store, scoredOn.test, 'the test records') };
  const { first, rest } = firstShare({ texts, share: 1 - scoredOn.heldOutFraction, seed });
  if (rest.length === 0)
    throw invalidData(
      'No label has enough texts for a part of them to be held out: sample more, or raise evaluation.tuning.validationFraction.',
    );
  return { train: first, scored: rest };
}

/** The public encoder with and without embeddings, each read once: settings of one search may need both. */
function encoders(model: string): (config: ClassifierConfig) => Promise<TextEncoder | EncoderFolder> {
  const opened = new Map<boolean, Promise<TextEncoder>>();
  return (config) => {
    if (ownModel(config) !== null) return publicEncoder({ model, classifier: config });
    const withEmbeddings = usesEmbeddings(config);
    const encoder = opened.get(withEmbeddings) ?? publicTextEncoder(model, withEmbeddings);
    opened.set(withEmbeddings, encoder);
    return encoder;
  };
}
