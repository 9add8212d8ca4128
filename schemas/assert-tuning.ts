import { z } from 'zod';
import { invalidConfig } from './errors.ts';
import type { ExperimentConfig } from './experiment.ts';
import { classifierSchema } from './settings/classifier.ts';

/** A longer grid would take days, and is refused before it fills the memory. */
const MAX_SETTINGS = 10_000;

/** Settings that decide what is searched or how often, or that belong to a row that no search trains. */
const NOT_SEARCHED = ['kind', 'model', 'seeds', 'dp'];

/**
 * Throws InvalidConfig if the space does not fit the classifier: unknown settings, refused or repeated
 * values, fewer than two combinations.
 */
export function assertTuning({ classifier, evaluation }: ExperimentConfig): void {
  if (evaluation.tuning === undefined) return;
  const { space } = evaluation.tuning;
  for (const [name, values] of Object.entries(space)) {
    const place = `evaluation.tuning.space.${name}`;
    if (NOT_SEARCHED.includes(name)) throw invalidConfig(`${place} is not a setting that can be searched.`);
    if (new Set(values.map((value) => JSON.stringify(value))).size < values.length)
      throw invalidConfig(`${place} names a value twice.`);
    for (const value of values) {
      const parsed = classifierSchema.safeParse({ ...classifier, [name]: value });
      if (!parsed.success)
        throw invalidConfig(
          `${place}: ${JSON.stringify(value)} does not fit the classifier "${classifier.kind}":\n` +
            z.prettifyError(parsed.error),
        );
    }
  }
  const size = Object.values(space).reduce((product, values) => product * values.length, 1);
  if (size < 2 || size > MAX_SETTINGS)
    throw invalidConfig(
      `evaluation.tuning.space has ${size} combinations: give at least 2 and at most ${MAX_SETTINGS}.`,
    );
}
