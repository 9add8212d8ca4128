import { extname } from 'node:path';
import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { readSmsSpam } from './catalog/sms-spam.ts';
import { readTweetSentiment } from './catalog/tweet-sentiment.ts';
import { readWikiTopics } from './catalog/wiki-topics.ts';
import { readCsv } from './read-csv.ts';
import { readJsonl } from './read-jsonl.ts';

/** Records of the bytes of a corpus. Throws InvalidData. */
export type CorpusReader = (bytes: Uint8Array) => LabelledText[];

const CATALOG_READERS: Record<string, CorpusReader> = {
  'wiki-topics': readWikiTopics,
  'sms-spam': readSmsSpam,
  'tweet-sentiment': readTweetSentiment,
};

const FORMAT_READERS: Record<string, typeof readCsv> = { '.csv': readCsv, '.jsonl': readJsonl };

/**
 * How to read `corpus.source`: a catalog dataset by its name, any other file by its extension. Text and label fields
 * count for files only: the catalog's are known.
 * Throws InvalidData for an extension that is not .csv or .jsonl.
 */
export function corpusReader(
  corpus: Pick<CorpusConfig, 'source' | 'textField' | 'labelField'>,
  setting: 'corpus.source' | 'corpus.test' = 'corpus.source',
): CorpusReader {
  const { source, textField, labelField } = corpus;
  if (Object.hasOwn(CATALOG_READERS, source)) return CATALOG_READERS[source];
  // Behind the ? of an s3:// URI stands how its server is reached.
  const extension = extname(source.replace(/\?.*$/, '')).toLowerCase();
  if (!Object.hasOwn(FORMAT_READERS, extension))
    throw invalidData(
      `${setting} ${source}: unknown kind of file. Give a .csv or .jsonl file, or one of ` +
        `${Object.keys(CATALOG_READERS).join(', ')}.`,
    );
  return (bytes) => FORMAT_READERS[extension]({ bytes, name: source, textField, labelField });
}
