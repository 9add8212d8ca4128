import { type ListFileEntry, listFiles, modelInfo, type PathInfo, pathsInfo } from '@huggingface/hub';
import { invalidConfig } from '../../../schemas/errors.ts';
import { hubAccess, withRetries } from './hub-access.ts';
import { formatHubName, type HubName, isPinned } from './hub-name.ts';

/** A file of a repository with the digest that the hub lists for it. */
export interface HubFile {
  path: string;
  bytes: number;
  /** Large files (LFS) have the SHA-256 of their content; small ones the SHA-1 of their git object. */
  digest: { kind: 'sha256' | 'git-sha1'; hex: string };
}

const INDEX = 'model.safetensors.index.json';
const REQUIRED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const OPTIONAL = ['generation_config.json', 'chat_template.jinja', 'special_tokens_map.json'];
const SHARD = /^model-\d+-of-\d+\.safetensors$/;

/**
 * The name with its branch or tag resolved to the commit that it is now. A pinned name is not asked about.
 */
export async function resolveRevision(name: HubName): Promise<HubName> {
  if (isPinned(name)) return name;
  const { repository, revision } = name;
  const ask = () => modelInfo({ name: repository, revision, additionalFields: ['sha'], ...hubAccess() });
  return { ...name, revision: (await withRetries(ask)).sha };
}

/**
 * The files of a pinned name that a model is read from: those of its checkpoint and no others, or its
 * one GGUF file.
 */
export async function listModelFiles(name: HubName): Promise<HubFile[]> {
  const { repository, revision, file } = name;
  const access = { repo: repository, revision, ...hubAccess() };
  const listed = await withRetries<(ListFileEntry | PathInfo)[]>(() =>
    file === undefined ? all(listFiles(access)) : pathsInfo({ ...access, paths: [file] }),
  );
  const found = new Map(listed.filter(({ type }) => type === 'file').map((entry) => [entry.path, entry]));
  const paths = file === undefined ? checkpointPaths(name, [...found.keys()]) : [file];
  return paths.map((path) => {
    const entry = found.get(path);
    if (entry === undefined) throw lacks(name, path);
    const { lfs, oid, size } = entry;
    if (lfs) return { path, bytes: lfs.size, digest: { kind: 'sha256', hex: lfs.oid } };
    return { path, bytes: size, digest: { kind: 'git-sha1', hex: oid! } };
  });
}

/** One model.safetensors goes before shards, as when the folder is read. */
function checkpointPaths(name: HubName, found: readonly string[]): string[] {
  const whole = found.includes('model.safetensors');
  const weights = whole ? ['model.safetensors'] : [INDEX, ...found.filter((path) => SHARD.test(path))];
  if (!whole && !found.includes(INDEX)) {
    const files = found.filter((path) => path.endsWith('.gguf'));
    const instead = files.length === 0 ? '' : ` It has GGUF files: name one, such as /${files[0]}.`;
    throw invalidConfig(`${formatHubName(name)} has no safetensors weights.${instead}`);
  }
  return [...REQUIRED, ...OPTIONAL.filter((path) => found.includes(path)), ...weights];
}

function lacks(name: HubName, path: string): Error {
  return invalidConfig(`${formatHubName(name)} has no ${path}: choose another model or file.`);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
