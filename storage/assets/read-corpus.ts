import { readFile } from 'node:fs/promises';
import { invalidData } from '../../schemas/errors.ts';
import { isS3Uri } from '../s3/s3-location.ts';
import { locateAsset } from './locate-asset.ts';

/**
 * The bytes of a corpus: of a catalog name, a file, or an object of S3. What comes from S3 stays in memory: a
 * private corpus gets no copy on this machine's disk. Throws what `locateAsset` throws; InvalidConfig for an
 * object that is not there, InvalidData for a file that Node does not read at once.
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
