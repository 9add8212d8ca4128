import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { invalidConfig, invalidData } from '../../../schemas/errors.ts';
import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import { parseExperiment } from '../../../schemas/parse-experiment.ts';
import { ownModel } from '../../../schemas/settings/classifier.ts';
import type { MarkedRows } from '../../../schemas/settings/corpus.ts';
import { CATALOG } from '../../../storage/assets/catalog.ts';
import { isHubName } from '../../../storage/assets/hub/hub-name.ts';
import { pinHubName } from '../../../storage/assets/hub/locate-hub-model.ts';
import { isS3Uri } from '../../../storage/s3/s3-location.ts';
import { assertSize } from '../../assert-size.ts';
import { assertKind } from './assert-kind.ts';
import { inlineAttributes } from './inline-attributes.ts';
import { locateJsonError } from './locate-json-error.ts';

/**
 * Reads and validates an experiment. Relative paths in it are resolved against the current directory, so
 * that workers on this machine find the files. A branch of a hub model is replaced by the commit that
 * was fetched here, and a file of attributes by the lists in it.
 * Throws InvalidConfig if the file is missing, too large, not JSON (with line and column) or not an
 * experiment, and, with `checkFiles`, InvalidData if its corpus does not exist.
 */
export async function loadConfig(params: { path: string; checkFiles: boolean }): Promise<ExperimentConfig> {
  const { path, checkFiles } = params;
  const content = await inlineAttributes({ content: await readJson(path), path, readJson });
  assertKind({ path, content, takes: 'experiment' });
  const config = await pinNames(parseExperiment(content));
  assertSize(path, config);
  if (checkFiles) assertFiles(config);
  return config;
}

/** Reads a JSON file. Throws InvalidConfig with the line and column of a syntax error. */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(path, await readText(path));
}

/** The settings of a corpus that name files. */
type Sources = { source?: string; test?: string | Partial<MarkedRows> };

/**
 * Returns the settings with absolute paths and pinned hub models, which mean the same everywhere
 * on this machine.
 */
export async function pinNames<T extends { model?: string; corpus?: Sources; classifier?: object }>(
  settings: T,
): Promise<T> {
  const { model, corpus, classifier } = settings;
  return {
    ...settings,
    ...(model === undefined ? {} : { model: await pinModel(model) }),
    ...(corpus === undefined ? {} : { corpus: pinSources(corpus) }),
    ...(classifier === undefined ? {} : { classifier: await pinEncoder(classifier) }),
  };
}

/** Throws InvalidData or InvalidConfig if the path of a corpus or a model does not exist. */
export function assertFiles({ model, corpus: { source, test }, classifier }: ExperimentConfig): void {
  if (isPath(source, 'dataset') && !existsSync(source))
    throw invalidData(`corpus.source: there is no file ${source}. ${catalogNames('dataset')}`);
  if (typeof test === 'string' && isPath(test, 'dataset') && !existsSync(test))
    throw invalidData(`corpus.test: there is no file ${test}. ${catalogNames('dataset')}`);
  if (isPath(model, 'model') && !existsSync(model))
    throw invalidConfig(`model: there is no file or folder ${model}. ${catalogNames('model')}`);
  const own = ownModel(classifier);
  if (own !== null && isPath(own, 'model') && !existsSync(own))
    throw invalidConfig(`classifier.model: there is no folder ${own}. ${catalogNames('model')}`);
}

function pinSources<T extends Sources>(corpus: T): T {
  const { source, test } = corpus;
  return {
    ...corpus,
    ...(source === undefined ? {} : { source: absolute(source, 'dataset') }),
    ...(typeof test === 'string' ? { test: absolute(test, 'dataset') } : {}),
  };
}

/** Only the classifier "encoder" has a model of its own. */
async function pinEncoder(classifier: { model?: string }): Promise<object> {
  const { model } = classifier;
  return model === undefined ? classifier : { ...classifier, model: await pinModel(model) };
}

async function pinModel(name: string): Promise<string> {
  return pinHubName(absolute(name, 'model'));
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw invalidConfig(`${path} is not valid UTF-8 text.`);
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT') throw invalidConfig(`There is no file ${path}.`);
    if (code === 'EISDIR') throw invalidConfig(`${path} is a folder. Give the JSON file of an experiment.`);
    throw invalidConfig(`${path} cannot be read (${code}).`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column, what } = locateJsonError({
      text,
      message: error instanceof Error ? error.message : '',
    });
    throw invalidConfig(`${path} is not JSON, at line ${line}, column ${column}: ${what}.`);
  }
}

type Role = 'dataset' | 'model';

function absolute(name: string, role: Role): string {
  return isPath(name, role) ? resolve(name) : name;
}

function isPath(name: string, role: Role): boolean {
  const remote = role === 'model' ? isHubName(name) : isS3Uri(name);
  return !remote && !catalogOf(role).includes(name);
}

function catalogOf(role: Role): string[] {
  return Object.entries(CATALOG)
    .filter(([, asset]) => asset.role === role)
    .map(([name]) => name);
}

function catalogNames(role: Role): string {
  return `The catalog has ${catalogOf(role).join(', ')}.`;
}
