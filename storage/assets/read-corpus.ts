import { readFile } from 'node:fs/promises';
import { invalidData } from '../../schemas/errors.ts';
import { isS3Uri } from '../s3/s3-location.ts';
import { locateAsset } from './locate-asset.ts';

/**
 * Returns the bytes of a corpus: a catalog name, a file or an S3 object. An S3 object stays in memory, so
 * that a private corpus is not copied to this machine's disk. Throws what `locateAsset` throws; InvalidConfig
 * for a missing object, InvalidData for a file that is too large for Node to read at once.
 */
export async function readCorpus(params: { source: string }): Promise<Uint8Array> {
  const { source } = params;
  if (!isS3Uri(source)) {
    const { path } = await locateAsset({ asset: source });
    return readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_FS_FILE_TOO_LARGE') throw error;
      throw invalidData(
        `corpus.source ${source}: files up to 2 GiB are read. Split it, and run each part or a sample.`,
      );
    });
  }
  const { readSource } = await import('../s3/corpus-source.ts');
  return readSource(source);
}
