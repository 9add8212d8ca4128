import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { LabelledText } from '../../schemas/records.ts';
import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { readCorpus } from '../../storage/assets/read-corpus.ts';
import { prepareCorpus } from './prepare-corpus.ts';
import { formatRecords } from './records-file.ts';

// Ledgers, caches and schedules identify records by their prepared form, so these digests must not change
// between versions.

const digest = (records: LabelledText[]) =>
  createHash('sha256').update(formatRecords(records)).digest('hex').slice(0, 16);

function prepare(bytes: Uint8Array, { source, labels }: Pick<CorpusConfig, 'source' | 'labels'>) {
  const fields = { textField: 'text', labelField: 'label', testFraction: 0.2, testSetIsPublic: true };
  const { train, test: held } = prepareCorpus({ bytes, corpus: { source, labels, ...fields }, seed: 1 });
  return [train.length, held.length, digest(train), digest(held)];
}

test('a corpus without equal texts is prepared to the same bytes in every version', () => {
  const lines = Array.from({ length: 120 }, (_, i) =>
    JSON.stringify({ text: ` Text  number ${i}, caf${i % 2 ? 'é' : 'e\u0301'}`, label: 'ab'[i % 2] }),
  );
  const bytes = Buffer.from(lines.join('\n'));
  expect(prepare(bytes, { source: 'corpus.jsonl', labels: ['a', 'b'] })).toEqual(PINNED.small);
});

test.each([
  ['sms-spam', ['ham', 'spam']],
  ['wiki-topics', ['People', 'Mathematics']],
])('the catalog dataset %s is prepared to the same bytes in every version', async (source, labels) => {
  expect(prepare(await readCorpus({ source }), { source, labels })).toEqual(PINNED[source]);
});

const PINNED: Record<string, [number, number, string, string]> = {
  small: [95, 25, '8661ea2d7811d090', '61c648f0501618ce'],
  'sms-spam': [4133, 1026, '0632c3f8a2735546', 'df724e9b3f03fc21'],
  'wiki-topics': [1682, 402, '42cc00819ac90733', '332263193df0d893'],
};
