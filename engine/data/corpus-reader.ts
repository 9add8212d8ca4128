import { extname } from 'node:path';
import { invalidData } from '../../schemas/errors.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { readSmsSpam } from './catalog/sms-spam.ts';
import { readTweetSentiment } from './catalog/tweet-sentiment.ts';
import { readWikiTopics } from './catalog/wiki-topics.ts';
import { DELIMITERS } from './csv-header.ts';
import { readCsv, readCsvHeader } from './read-csv.ts';
import { readJsonl } from './read-jsonl.ts';

/** Reads the records from the bytes of a corpus. Throws InvalidData. */
export type CorpusReader = (bytes: Uint8Array) => LabelledText[];

const CATALOG_READERS: Record<string, CorpusReader> = {
  'wiki-topics': readWikiTopics,
  'sms-spam': readSmsSpam,
  'tweet-sentiment': readTweetSentiment,
};

const FORMAT_READERS: Record<string, typeof readCsv> = {
  '.csv': readCsv,
  '.tsv': readCsv,
  '.jsonl': readJsonl,
};

/**
 * Returns the reader of `corpus.source`: for a catalog dataset by its name, for any other file by its
 * extension. Text and label fields apply only to files, because those of the catalog are known. Throws
 * InvalidData for an extension that is not .csv, .tsv or .jsonl.
 */
export function corpusReader(
  corpus: Pick<CorpusConfig, 'source' | 'textField' | 'labelField'>,
  setting: 'corpus.source' | 'corpus.test' = 'corpus.source',
): CorpusReader {
  const { source, textField, labelField } = corpus;
  if (Object.hasOwn(CATALOG_READERS, source)) return CATALOG_READERS[source];
  const extension = extensionOf(source);
  if (!Object.hasOwn(FORMAT_READERS, extension))
    throw invalidData(
      `${setting} ${source}: unknown kind of file. Give a .csv, .tsv or .jsonl file, or one of ` +
        `${Object.keys(CATALOG_READERS).join(', ')}.`,
    );
  return (bytes) => FORMAT_READERS[extension]({ bytes, name: source, textField, labelField });
}

/** Describes in words how the bytes of a corpus are read. Throws the same errors as its reader. */
export function corpusForm(
  corpus: Pick<CorpusConfig, 'source' | 'textField' | 'labelField'>,
): (bytes: Uint8Array) => string {
  const { source, textField, labelField } = corpus;
  if (Object.hasOwn(CATALOG_READERS, source)) return () => 'a dataset of the catalog';
  if (extensionOf(source) === '.jsonl') return () => 'JSON, one object per line';
  return (bytes) => {
    const { delimiter } = readCsvHeader({ bytes, name: source, textField, labelField });
    return `CSV, columns separated by ${DELIMITERS[delimiter]}s`;
  };
}

/**
 * Returns the extension of a source. The query of an s3:// URI, with the address of its server, is ignored.
 */
function extensionOf(source: string): string {
  return extname(source.replace(/\?.*$/, '')).toLowerCase();
}
