import { z } from 'zod';
import { DpsynthError, invalidConfig } from '../errors.ts';
import { type ExperimentConfig, experimentSchema } from '../experiment.ts';
import { RUN_NAME } from '../names.ts';
import { parseExperiment } from '../parse-experiment.ts';
import {
  assertScoresMayBeKnown,
  assertSearch,
  probes,
  type TrialPlace,
  trialChanges,
  trialName,
} from './expand-search.ts';
import { mergeSettings, nest } from './merge-settings.ts';
import { MAX_VARIANTS, type SweepConfig, sweepSchema } from './sweep.ts';

/** One variant of a sweep: a whole experiment, with its name in the sweep and the name of its run. */
export type Variant = { name: string; run: string; config: ExperimentConfig };

export type ExpandedSweep = Omit<SweepConfig, 'experiment' | 'variants' | 'grid'> & {
  /** In a search, the corners of its space, which are checked and not run. */
  variants: Variant[];
};

/**
 * Validates a sweep and every experiment in it. `run` is the id of the sweep; the run of variant
 * v is `<run>-<v>`.
 * Throws InvalidConfig that names the variant and the field.
 */
export function expandSweep(params: { input: unknown; run: string }): ExpandedSweep {
  const parsed = sweepSchema.safeParse(params.input);
  if (!parsed.success) throw invalidConfig(`The sweep is not valid:\n${z.prettifyError(parsed.error)}`);
  const { experiment, variants, grid, ...rest } = parsed.data;
  if (rest.search !== undefined) return { ...rest, variants: searchCorners(parsed.data, params.run) };
  assertSize({ variants, grid });
  const filled = experimentSchema.safeParse(experiment).data;
  const merge = (base: unknown, change: unknown) => mergeSettings({ base, change, filled });
  const expanded = (variants.length > 0 ? variants : [{ name: '', set: {} }]).flatMap(({ name, set }) =>
    gridPoints(grid).map((point) => {
      const full = [name, ...point.map(({ path, value }) => pointName(path, value))]
        .filter(Boolean)
        .join('-');
      const atPoint = point.reduce<unknown>(
        (base, { path, value }) => merge(base, nest(path, value)),
        experiment,
      );
      return { name: full, settings: merge(atPoint, set) as Record<string, unknown> };
    }),
  );
  assertNames(expanded, params.run);
  return {
    ...rest,
    variants: expanded.map(({ name, settings }) => ({
      name,
      run: `${params.run}-${name}`,
      config: parseVariant(name, {
        ...settings,
        name: `${settings.name ?? rest.name} ${name}`.slice(0, 80),
      }),
    })),
  };
}

/** Returns one trial of a search. Throws InvalidConfig if its settings are not a valid experiment. */
export function trialVariant(params: { sweep: SweepConfig; run: string; place: TrialPlace }): Variant {
  const { sweep, run, place } = params;
  const search = sweep.search!;
  const filled = experimentSchema.safeParse(sweep.experiment).data;
  const settings = trialChanges(place, search).reduce<unknown>(
    (base, change) => mergeSettings({ base, change, filled }),
    sweep.experiment,
  ) as Record<string, unknown>;
  const name = trialName(place, search);
  const config = parseVariant(`${name} (${JSON.stringify(place.values)})`, {
    ...settings,
    name: `${settings.name ?? sweep.name} ${name}`.slice(0, 80),
  });
  return { name, run: `${run}-${name}`, config };
}

function searchCorners(sweep: SweepConfig, run: string): Variant[] {
  const search = sweep.search!;
  if (sweep.variants.length + Object.keys(sweep.grid).length > 0)
    throw invalidConfig('The sweep has search together with variants or grid. Leave one of them out.');
  assertSearch({ search, run });
  return probes(search).map((place) => {
    const variant = trialVariant({ sweep, run, place });
    assertScoresMayBeKnown(variant.config, search);
    return variant;
  });
}

/** Checks the size by multiplication, so that a product that is far too large is never built. */
function assertSize({ variants, grid }: Pick<SweepConfig, 'variants' | 'grid'>): void {
  const sizes = Object.values(grid).map((values) => values.length);
  if (variants.length + sizes.length === 0)
    throw invalidConfig(
      'The sweep has no variants. Name some in variants, or give values of fields in grid.',
    );
  const factors = variants.length > 0 ? [variants.length, ...sizes] : sizes;
  const size = factors.reduce((product, factor) => product * factor, 1);
  if (size > MAX_VARIANTS)
    throw invalidConfig(
      `The sweep has ${size} variants (${factors.join(' x ')}), but at most ${MAX_VARIANTS} are allowed. Leave values out, or split the sweep.`,
    );
}

type Point = { path: string; value: unknown }[];

/** Returns the Cartesian product of the grid; the last field varies fastest. */
function gridPoints(grid: SweepConfig['grid']): Point[] {
  return Object.entries(grid).reduce<Point[]>(
    (points, [path, values]) => points.flatMap((point) => values.map((value) => [...point, { path, value }])),
    [[]],
  );
}

/** Names a value in a grid: `epsilon-3` for privacy.epsilon 3. */
function pointName(path: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const words = text.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^-+|-+$/g, '');
  return `${path.split('.').at(-1)}-${words.slice(0, 40)}`;
}

function assertNames(variants: { name: string }[], run: string): void {
  const seen = new Set<string>();
  for (const { name } of variants) {
    // Folders of runs may be on a disk that does not distinguish upper and lower case.
    const key = name.toLowerCase();
    if (seen.has(key))
      throw invalidConfig(
        `Two variants of the sweep are named ${name}. Give each a name of its own in variants.`,
      );
    seen.add(key);
    if (!RUN_NAME.test(`${run}-${name}`))
      throw invalidConfig(
        `Variant ${name} of the sweep: ${run}-${name} cannot name a run. Use up to 128 letters, digits, dots, dashes and underscores.`,
      );
  }
}

function parseVariant(name: string, settings: unknown): ExperimentConfig {
  try {
    return parseExperiment(settings);
  } catch (error) {
    if (!(error instanceof DpsynthError)) throw error;
    throw invalidConfig(`Variant ${name} of the sweep: ${error.message}`);
  }
}
