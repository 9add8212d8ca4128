import type { WorkSize } from './draft-config.ts';

/** The work of examples/topics.json. */
const REFERENCE_PASSES = 1536;
const REFERENCE_TEXTS = 550;

/** Every label gets at least this many texts. Beyond MOST_TEXTS in all, a classifier learns little more. */
const FEWEST_TEXTS_PER_LABEL = 5;
const MOST_TEXTS = 5000;

/** Sizes to try, from large to small, in steps of about a tenth. The smallest has 8 steps of 32 records. */
const SCALES = Array.from({ length: 61 }, (_, i) => 64 * 2 ** (-i / 7));

/** Below this size, classifiers with three seeds would take longer than everything else. */
const SHORT = 0.4;

/**
 * Returns the largest size for which `minutesOf` gives at most `minutes`, or the smallest size that is
 * worth a run. The only private number it depends on is that of the training records, which the
 * guarantee states anyway.
 */
export function fitToTime(params: {
  minutes: number;
  /** Training records n. */
  records: number;
  /** How many labels are declared. */
  labels: number;
  minutesOf: (size: WorkSize) => number;
}): WorkSize {
  const { minutes, records, labels, minutesOf } = params;
  const sizes = SCALES.map((scale) => sizeOf({ scale, records, labels }));
  return sizes.find((size) => minutesOf(size) <= minutes) ?? sizes[sizes.length - 1];
}

/**
 * Takes 8 to 24 steps of about 128 records. Beyond that, larger batches stand out better from the noise than
 * more steps do. A batch is at most half of the records, because sampling hides little if it takes almost
 * all of them.
 */
function sizeOf(params: { scale: number; records: number; labels: number }): WorkSize {
  const { scale, records, labels } = params;
  const passes = REFERENCE_PASSES * scale;
  const steps = Math.min(24, Math.max(8, Math.round(passes / 128)));
  const batch = Math.min(Math.round(passes / steps), Math.floor(records / 2));
  const texts = Math.min(MOST_TEXTS, Math.round(REFERENCE_TEXTS * scale));
  return {
    expectedBatchSize: Math.max(1, batch),
    steps,
    records: Math.max(texts, FEWEST_TEXTS_PER_LABEL * labels),
    seeds: scale < SHORT ? 1 : 3,
  };
}
