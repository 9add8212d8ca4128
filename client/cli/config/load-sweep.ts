import { DpsynthError } from '../../../schemas/errors.ts';
import type { MarkedRows } from '../../../schemas/settings/corpus.ts';
import { expandSweep, type Variant } from '../../../schemas/sweep/expand-sweep.ts';
import type { SearchInput } from '../../../schemas/sweep/search.ts';
import type { SweepInput } from '../../../schemas/sweep/sweep.ts';
import { assertKind } from './assert-kind.ts';
import { inlineAttributesOfSweep } from './inline-attributes.ts';
import { assertFiles, pinNames, readJson } from './load-config.ts';

type Settings = Parameters<typeof pinNames>[0];

/**
 * Reads and validates a sweep with all its variants. Makes paths absolute, as `loadConfig` does.
 * Throws InvalidConfig or InvalidData, naming the variant.
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
  // Validated before its parts are touched: until then they may be anything.
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

/** As in a grid, the fields of a space that name files have lists of values. */
async function pinSpace(space: SearchInput['space']): Promise<SearchInput['space']> {
  const lists = Object.entries(space).flatMap(([path, dimension]) =>
    'values' in dimension ? [[path, dimension.values] as const] : [],
  );
  const pinned = await pinGrid(Object.fromEntries(lists));
  return { ...space, ...Object.fromEntries(lists.map(([path]) => [path, { values: pinned[path] }])) };
}

/** Pins the fields of a grid that name files. A test set may also be marked rows instead of a file. */
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
