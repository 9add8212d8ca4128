import { invalidConfig } from '../errors.ts';
import type { ExperimentConfig } from '../experiment.ts';
import { RUN_NAME } from '../names.ts';
import { nest } from './merge-settings.ts';
import { rungsOf, type SearchConfig, type SearchSpace, type TrialValues } from './search.ts';

/** What stands where a trial has its settings from: values of the space, and how far up it is. */
export type TrialPlace = { index: number; rung: number; values: TrialValues };

/** `t007`, and on a ladder of rungs `t007-rung-1`. */
export function trialName({ index, rung }: Omit<TrialPlace, 'values'>, search: SearchConfig): string {
  const name = `t${String(index + 1).padStart(3, '0')}`;
  return search.resource === undefined ? name : `${name}-rung-${rung + 1}`;
}

/** The changes of the shared experiment that make this trial. */
export function trialChanges({ rung, values }: TrialPlace, search: SearchConfig): object[] {
  const changes = Object.entries(values).map(([path, value]) => nest(path, value));
  const resource = rungsOf(search)[rung];
  return search.resource === undefined || resource === null
    ? changes
    : [...changes, nest(search.resource.path, resource)];
}

/**
 * Trials that together have every value and every end of the space: where these are experiments the others
 * are, as far as fields do not depend on one another. Not run.
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

/** Throws InvalidConfig for what no single field shows. */
export function assertSearch(params: { search: SearchConfig; run: string }): void {
  const { search, run } = params;
  const { space, resource } = search;
  if (Object.keys(space).length === 0) throw invalidConfig('search.space has no field to search.');
  for (const [path, dimension] of Object.entries(space)) assertRange(path, dimension);
  if (resource !== undefined) {
    if (resource.min > resource.max)
      throw invalidConfig(`search.resource: min ${resource.min} is above max ${resource.max}.`);
    if (Object.hasOwn(space, resource.path))
      throw invalidConfig(
        `search.space has ${resource.path}, which search.resource sets. Leave it to one of them.`,
      );
  }
  const longest = trialName({ index: 998, rung: 9 }, search);
  if (!RUN_NAME.test(`${run}-${longest}`))
    throw invalidConfig(
      `The id ${run} leaves no room for names of runs such as ${run}-${longest}: use up to ` +
        `${127 - longest.length} letters, digits, dots, dashes and underscores.`,
    );
}

function assertRange(path: string, dimension: SearchSpace[string]): void {
  if ('values' in dimension) return;
  const { low, high, scale, integer } = dimension;
  if (!(low < high)) throw invalidConfig(`search.space["${path}"]: low ${low} is not below high ${high}.`);
  if (scale === 'log' && !(low > 0))
    throw invalidConfig(`search.space["${path}"]: low ${low} is not above 0, which scale log needs.`);
  if (integer && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
    throw invalidConfig(`search.space["${path}"]: low and high are whole numbers where integer is true.`);
}

/**
 * A search decides by scores, and its decisions are seen by all who see the sweep. So each score must be one
 * that may be known: of models that were made under DP, on a test set that is public.
 */
export function assertScoresMayBeKnown(config: ExperimentConfig, { objective }: SearchConfig): void {
  const { corpus, privacy, evaluation } = config;
  if (!corpus.testSetIsPublic)
    throw invalidConfig(
      'search: it decides by scores on the real test set, which is private here. Declare ' +
        'corpus.testSetIsPublic where each test record may be published, with corpus.test for public ' +
        'records from elsewhere; else name the variants yourself.',
    );
  if (privacy.epsilon === 'none')
    throw invalidConfig(
      'search: without DP the scores are as private as the records, and a search cannot decide by them. ' +
        'Give privacy.epsilon a number.',
    );
  if (objective.metric === 'heldOutLoss' && evaluation.heldOut === 0)
    throw invalidConfig('search.objective: heldOutLoss is not measured while evaluation.heldOut is 0.');
}
