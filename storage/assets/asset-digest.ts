import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { sha256, sha256OfFile } from '../digest.ts';
import { isS3Uri } from '../s3/s3-location.ts';
import { catalogAsset } from './local-asset.ts';
import { locateAsset } from './locate-asset.ts';

/** Digests of files that this process has read, by path, size and time of modification. */
const known = new Map<string, Promise<string>>();

/**
 * Digest of an asset's content: of the pins for a name of the catalog (nothing is read), else of the file,
 * with the ending that says how it is read, or of all files of the folder. An object of S3 has the digest of
 * the same file.
 * Throws InvalidConfig for a path that leads nowhere.
 */
export async function assetDigest(params: { asset: string }): Promise<string> {
  const pinned = catalogAsset(params.asset);
  if (pinned) return sha256(JSON.stringify([params.asset, pinned.files]));
  if (isS3Uri(params.asset)) {
    const { sourceDigest } = await import('../s3/corpus-source.ts');
    const { extension, sha256: content } = await sourceDigest(params.asset);
    return sha256(JSON.stringify([extension, content]));
  }
  const { path } = await locateAsset(params);
  if (!(await stat(path)).isDirectory())
    return sha256(JSON.stringify([extname(path), await fileDigest(path)]));
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const digests: [string, string][] = [];
  for (const file of files.sort())
    digests.push([relative(path, file).split(sep).join('/'), await fileDigest(file)]);
  return sha256(JSON.stringify(digests));
}

/** A file that has not changed is not read again: weights are large. */
async function fileDigest(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  const stamp = `${path} ${size} ${mtimeMs} ${ino}`;
  const digest = known.get(stamp) ?? sha256OfFile(path);
  known.set(stamp, digest);
  digest.catch(() => known.delete(stamp));
  return digest;
}
