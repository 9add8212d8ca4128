import { DpsynthError } from '../../schemas/errors.ts';
import { expandSweep, type Variant } from '../../schemas/expand-sweep.ts';
import type { SearchInput } from '../../schemas/search.ts';
import type { MarkedRows } from '../../schemas/settings/corpus.ts';
import type { SweepInput } from '../../schemas/sweep.ts';
import { assertKind } from './assert-kind.ts';
import { inlineAttributesOfSweep } from './inline-attributes.ts';
import { assertFiles, pinNames, readJson } from './load-config.ts';

type Settings = Parameters<typeof pinNames>[0];

/**
 * Reads and validates a sweep with all its variants. Paths in it are made absolute, as `loadConfig` does.
 * Throws InvalidConfig or InvalidData that names the variant.
 */
export async function loadSweep(params: {
  path: string;
  run: string;
  checkFiles: boolean;
}): Promise<SweepInput> {
  const { path, run, checkFiles } = params;
  const content = (await readJson(path)) as SweepInput;
  assertKind({ path, content, takes: 'sweep' });
  const input = await inlineAttributesOfSweep({ content, path, readJson });
  // Before its parts are touched: they may be anything yet.
  expandSweep({ input, run });
  const sweep: SweepInput = {
    ...input,
    experiment: await pinNames(input.experiment as Settings),
    variants: await Promise.all(
      (input.variants ?? []).map(async ({ name, set }) => ({
        name,
        set: await pinNames((set ?? {}) as Settings),
      })),
    ),
    grid: await pinGrid(input.grid ?? {}),
    ...(input.search ? { search: { ...input.search, space: await pinSpace(input.search.space) } } : {}),
  };
  if (checkFiles) for (const variant of expandSweep({ input: sweep, run }).variants) assertFilesOf(variant);
  return sweep;
}

function assertFilesOf({ name, config }: Variant): void {
  try {
    assertFiles(config);
  } catch (error) {
    if (!(error instanceof DpsynthError)) throw error;
    throw new DpsynthError({
      type: error.type,
      message: `Variant ${name} of the sweep: ${error.message}`,
      cause: error,
    });
  }
}

/** Of a space as of a grid: the fields that name files have lists of values. */
async function pinSpace(space: SearchInput['space']): Promise<SearchInput['space']> {
  const lists = Object.entries(space).flatMap(([path, dimension]) =>
    'values' in dimension ? [[path, dimension.values] as const] : [],
  );
  const pinned = await pinGrid(Object.fromEntries(lists));
  return { ...space, ...Object.fromEntries(lists.map(([path]) => [path, { values: pinned[path] }])) };
}

/** The fields of a grid that name files. A test set may be marked rows in place of a file. */
async function pinGrid(grid: NonNullable<SweepInput['grid']>): Promise<NonNullable<SweepInput['grid']>> {
  const pinned = { ...grid };
  const models = pinned.model as string[] | undefined;
  const sources = pinned['corpus.source'] as string[] | undefined;
  if (models)
    pinned.model = await Promise.all(models.map(async (model) => (await pinNames({ model })).model));
  if (sources)
    pinned['corpus.source'] = await Promise.all(
      sources.map(async (source) => (await pinNames({ corpus: { source } })).corpus.source),
    );
  const tests = pinned['corpus.test'] as (string | MarkedRows)[] | undefined;
  if (tests)
    pinned['corpus.test'] = await Promise.all(
      tests.map(async (test) => (await pinNames({ corpus: { test } })).corpus.test),
    );
  return pinned;
}
