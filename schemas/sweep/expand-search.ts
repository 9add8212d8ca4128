import { invalidConfig } from '../errors.ts';
import type { ExperimentConfig } from '../experiment.ts';
import { RUN_NAME } from '../names.ts';
import { nest } from './merge-settings.ts';
import { rungsOf, type SearchConfig, type SearchSpace, type TrialValues } from './search.ts';

/** Where a trial is in the search: its values of the space, and its rung. */
export type TrialPlace = { index: number; rung: number; values: TrialValues };

/** Names a trial: `t007`, or `t007-rung-1` in a search with rungs. */
export function trialName({ index, rung }: Omit<TrialPlace, 'values'>, search: SearchConfig): string {
  const name = `t${String(index + 1).padStart(3, '0')}`;
  return search.resource === undefined ? name : `${name}-rung-${rung + 1}`;
}

/** Returns the changes to the shared experiment that make this trial. */
export function trialChanges({ rung, values }: TrialPlace, search: SearchConfig): object[] {
  const changes = Object.entries(values).map(([path, value]) => nest(path, value));
  const resource = rungsOf(search)[rung];
  return search.resource === undefined || resource === null
    ? changes
    : [...changes, nest(search.resource.path, resource)];
}

/**
 * Returns trials that together have every value and both ends of every range in the space. If these are valid
 * experiments, so are all others, as far as fields do not depend on each other. They are checked and not run.
 */
export function probes(search: SearchConfig): TrialPlace[] {
  const ends = Object.entries(search.space).map(([path, dimension]) => ({
    path,
    values: 'values' in dimension ? dimension.values : [dimension.low, dimension.high],
  }));
  const most = Math.max(1, ...ends.map(({ values }) => values.length));
  const rungs = rungsOf(search);
  return Array.from({ length: Math.max(most, rungs.length) }, (_, i) => ({
    index: 0,
    rung: Math.min(i, rungs.length - 1),
    values: Object.fromEntries(
      ends.map(({ path, values }) => [path, values[Math.min(i, values.length - 1)]]),
    ),
  }));
}

/** Throws InvalidConfig for faults that no single field shows. */
export function assertSearch(params: { search: SearchConfig; run: string }): void {
  const { search, run } = params;
  const { space, resource } = search;
  if (Object.keys(space).length === 0) throw invalidConfig('search.space has no field to search.');
  for (const [path, dimension] of Object.entries(space)) assertRange(path, dimension);
  if (resource !== undefined) {
    if (resource.min > resource.max)
      throw invalidConfig(`search.resource: min ${resource.min} must not be above max ${resource.max}.`);
    if (Object.hasOwn(space, resource.path))
      throw invalidConfig(
        `search.space has ${resource.path}, which search.resource sets. Remove it from one of them.`,
      );
  }
  const longest = trialName({ index: 998, rung: 9 }, search);
  if (!RUN_NAME.test(`${run}-${longest}`))
    throw invalidConfig(
      `The id ${run} is too long for names of runs such as ${run}-${longest}. Use up to ${127 - longest.length} letters, digits, dots, dashes and underscores.`,
    );
}

function assertRange(path: string, dimension: SearchSpace[string]): void {
  if ('values' in dimension) return;
  const { low, high, scale, integer } = dimension;
  if (!(low < high)) throw invalidConfig(`search.space["${path}"]: low ${low} must be below high ${high}.`);
  if (scale === 'log' && !(low > 0))
    throw invalidConfig(`search.space["${path}"]: low ${low} must be above 0 for the scale log.`);
  if (integer && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
    throw invalidConfig(
      `search.space["${path}"]: low and high must be whole numbers, because integer is true.`,
    );
}

/**
 * Throws InvalidConfig unless the scores of a search may be public. A search decides by scores, and
 * everybody who sees the sweep sees its decisions. So the models must be trained under DP, and the test set
 * must be public.
 */
export function assertScoresMayBeKnown(config: ExperimentConfig, { objective }: SearchConfig): void {
  const { corpus, privacy, evaluation } = config;
  if (!corpus.testSetIsPublic)
    throw invalidConfig(
      'search needs public scores, but the real test set is private. Set corpus.testSetIsPublic if every test record may be published, give public records with corpus.test, or name the variants yourself.',
    );
  if (privacy.epsilon === 'none')
    throw invalidConfig(
      'search needs public scores, but without DP scores are as private as the records. Give privacy.epsilon a number.',
    );
  if (objective.metric === 'heldOutLoss' && evaluation.heldOut === 0)
    throw invalidConfig(
      'search.objective: heldOutLoss is not measured if evaluation.heldOut is 0. Set it to a number of test records.',
    );
}
