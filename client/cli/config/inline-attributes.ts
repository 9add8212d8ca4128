import { dirname, resolve } from 'node:path';
import type { SweepInput } from '../../../schemas/sweep/sweep.ts';

type ReadJson = (path: string) => Promise<unknown>;

/**
 * Settings of an experiment, or a part of them, in which lists stand for a file of lists that
 * `template.attributes` names. Its path is taken from the folder of the settings, at `path`. Everything else
 * is left for the schema to judge. Throws what `readJson` throws.
 */
export async function inlineAttributes(params: {
  content: unknown;
  path: string;
  readJson: ReadJson;
}): Promise<unknown> {
  const { content, path, readJson } = params;
  if (!isObject(content) || !isObject(content.template)) return content;
  const { attributes } = content.template;
  if (typeof attributes !== 'string') return content;
  const lists = await readJson(resolve(dirname(path), attributes));
  return { ...content, template: { ...content.template, attributes: lists } };
}

/** The same for all settings of a sweep, whose grid may name several files. */
export async function inlineAttributesOfSweep(params: {
  content: SweepInput;
  path: string;
  readJson: ReadJson;
}): Promise<SweepInput> {
  const { content, path, readJson } = params;
  if (!isObject(content)) return content;
  const inline = (settings: unknown) => inlineAttributes({ content: settings, path, readJson });
  const { experiment, variants, grid } = content;
  const values = isObject(grid) ? grid[GRID_PATH] : undefined;
  const listed = Array.isArray(values)
    ? {
        [GRID_PATH]: await Promise.all(
          values.map(async (value) => attributesOf(await inline(nested(value)))),
        ),
      }
    : {};
  const inlined: unknown = {
    ...content,
    experiment: await inline(experiment),
    ...(Array.isArray(variants)
      ? {
          variants: await Promise.all(
            variants.map(async (variant) =>
              isObject(variant) ? { ...variant, set: await inline(variant.set) } : variant,
            ),
          ),
        }
      : {}),
    ...(isObject(grid) ? { grid: { ...grid, ...listed } } : {}),
  };
  return inlined as SweepInput;
}

const GRID_PATH = 'template.attributes';

function nested(attributes: unknown): object {
  return { template: { attributes } };
}

function attributesOf(settings: unknown): unknown {
  return isObject(settings) && isObject(settings.template) ? settings.template.attributes : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
