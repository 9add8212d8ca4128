import { readFile } from 'node:fs/promises';
import { isS3Uri } from '../s3/s3-location.ts';
import { locateAsset } from './locate-asset.ts';

/**
 * The bytes of a corpus: of a catalog name, a file, or an object of S3. What comes from S3 stays in memory: a private corpus gets no
 * copy on this machine's disk. Throws what `locateAsset` throws; InvalidConfig for an object that is not there.
 */
export async function readCorpus(params: { source: string }): Promise<Uint8Array> {
  const { source } = params;
  if (!isS3Uri(source)) return readFile((await locateAsset({ asset: source })).path);
  const { readSource } = await import('../s3/corpus-source.ts');
  return readSource(source);
}
