import { stat } from 'node:fs/promises';
import { invalidConfig, invalidData } from '../../../schemas/errors.ts';
import { readCorpus } from '../../../storage/assets/read-corpus.ts';
import { isS3Uri } from '../../../storage/s3/s3-location.ts';

/** Reads a file on this machine. Throws InvalidConfig or InvalidData for anything else. */
export async function readSource(path: string): Promise<Uint8Array> {
  if (isS3Uri(path))
    throw invalidConfig('dpsynth init reads a file on this machine. Download a sample of the object first.');
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw invalidData(`There is no file ${path}.`);
    throw unreadable(path, error);
  });
  if (found.isDirectory()) throw invalidData(`${path} is a folder. Give a .csv, .tsv or .jsonl file.`);
  return readCorpus({ source: path }).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === undefined ? error : unreadable(path, error);
  });
}

function unreadable(path: string, { code }: NodeJS.ErrnoException) {
  return invalidData(`${path} cannot be read (${code}).`);
}
