import { describe, expect, test } from 'vitest';
import { DpsynthError } from '../../schemas/errors.ts';
import { corpusSchema } from '../../schemas/settings/corpus.ts';
import { prepareCorpus } from './prepare-corpus.ts';
import { labelIndices, parseRecords } from './records-file.ts';

// No message may quote any word, label, key or column of these records.
const PLANTED = /zanzibar|quixotic|marzipan|secret/i;
const LABELS = ['yes', 'no'];

const csvRow = (i: number) => `"zanzibar text ${i}, with a comma",${LABELS[i % 2]}`;
const jsonRow = (i: number) =>
  JSON.stringify({ text: `zanzibar text ${i}`, label: LABELS[i % 2], marzipan: i });
const rows = (count: number, row: (i: number) => string) => Array.from({ length: count }, (_, i) => row(i));

/** Each is broken in a different way. With more records after the break, the message must stay the same. */
const BROKEN: [name: string, file: string, content: (more: number) => string | Buffer][] = [
  ['no header', 'c.csv', (more) => rows(120 + more, csvRow).join('\n')],
  ['no header, semicolons', 'c.csv', (more) => rows(120 + more, (i) => `zanzibar ${i};yes`).join('\n')],
  [
    'no header, a broken quote first',
    'c.csv',
    (more) => ['zan"zibar,yes', ...rows(120 + more, csvRow)].join('\n'),
  ],
  [
    'a header with other names',
    'c.csv',
    (more) => ['quixotic,label', ...rows(120 + more, csvRow)].join('\n'),
  ],
  ['no label column', 'c.csv', (more) => ['text,quixotic', ...rows(120 + more, csvRow)].join('\n')],
  [
    'a duplicate column name',
    'c.csv',
    (more) => ['text,label,text,quixotic', ...rows(120 + more, csvRow)].join('\n'),
  ],
  [
    'a row of another width',
    'c.csv',
    (more) => ['text,label', 'zanzibar,yes,marzipan', ...rows(120 + more, csvRow)].join('\n'),
  ],
  [
    'a quote inside a cell',
    'c.csv',
    (more) => ['text,label', 'zan"zibar,yes', ...rows(120 + more, csvRow)].join('\n'),
  ],
  [
    'damaged text',
    'c.csv',
    (more) =>
      Buffer.concat([
        Buffer.from('text,label\nzanzibar'),
        Buffer.from([0xff]),
        Buffer.from(`,yes\n${rows(120 + more, csvRow).join('\n')}`),
      ]),
  ],
  [
    'damaged UTF-16',
    'c.csv',
    () => Buffer.from('\ufefftext,label\nzanzibar,yes\n', 'utf16le').subarray(0, 31),
  ],
  ['too few records', 'c.csv', (more) => ['text,label', ...rows(12 + more, csvRow)].join('\n')],
  [
    'one label',
    'c.csv',
    (more) => ['text,label', ...rows(120 + more, (i) => `zanzibar ${i},yes`)].join('\n'),
  ],
  [
    'one other label',
    'c.csv',
    (more) => ['text,label', ...rows(120 + more, (i) => `zanzibar ${i},no`)].join('\n'),
  ],
  [
    'no declared label',
    'c.csv',
    (more) => ['text,label', ...rows(120 + more, (i) => `zanzibar ${i},marzipan`)].join('\n'),
  ],
  [
    'empty texts',
    'c.csv',
    (more) => ['text,label', ...rows(120 + more, (i) => ` ,${LABELS[i % 2]}`)].join('\n'),
  ],
  [
    'keys that are texts',
    'c.jsonl',
    (more) => rows(120 + more, (i) => JSON.stringify({ [`zanzibar ${i}`]: 'yes' })).join('\n'),
  ],
  [
    'no label key',
    'c.jsonl',
    (more) => rows(120 + more, (i) => JSON.stringify({ text: 'zanzibar', [`quixotic ${i}`]: 1 })).join('\n'),
  ],
  ['no JSON', 'c.jsonl', (more) => ['{"text": zanzibar}', ...rows(120 + more, jsonRow)].join('\n')],
  ['no objects', 'c.jsonl', (more) => ['["zanzibar"]', ...rows(120 + more, jsonRow)].join('\n')],
  [
    'a text that is not a string',
    'c.jsonl',
    (more) => ['{"text":{"zanzibar":1},"label":"yes"}', ...rows(120 + more, jsonRow)].join('\n'),
  ],
  [
    'a label that is not a label',
    'c.jsonl',
    (more) => ['{"text":"zanzibar","label":["marzipan"]}', ...rows(120 + more, jsonRow)].join('\n'),
  ],
  [
    'an inexact number',
    'c.jsonl',
    (more) => ['{"text":"zanzibar","label":90071992547409931}', ...rows(120 + more, jsonRow)].join('\n'),
  ],
];

describe.each(BROKEN)('a corpus with %s', (_name, file, content) => {
  const messageOf = (more: number): string => {
    const corpus = corpusSchema.parse({ source: file, labels: LABELS, testFraction: 0.1 });
    try {
      prepareCorpus({ bytes: Buffer.from(content(more) as string), corpus, seed: 1 });
    } catch (error) {
      expect(error).toBeInstanceOf(DpsynthError);
      return (error as DpsynthError).message;
    }
    throw new Error('the corpus was taken');
  };

  test('is refused without quoting it, and without any number computed from its records', () => {
    expect(messageOf(0)).not.toMatch(PLANTED);
    expect(messageOf(0)).not.toContain('90071992547409931');
    for (const more of [1, 2, 30]) expect(messageOf(more)).toBe(messageOf(0));
  });
});

test('invalid records of a run are not quoted either', () => {
  const secret = [{ text: 'secret', label: 'marzipan' }];
  for (const broken of [
    () => labelIndices(secret, LABELS, 'the records'),
    () => parseRecords(Buffer.from('{"secret": "marzipan"}'), 'the records'),
    () => parseRecords(Buffer.from('{"text": secret}'), 'the records'),
  ]) {
    expect(broken).toThrow(DpsynthError);
    expect(broken).not.toThrow(PLANTED);
  }
});
