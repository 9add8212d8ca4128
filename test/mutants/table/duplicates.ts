import type { Mutant } from '../mutant.ts';

const DUPLICATES = 'engine/data/remove-duplicates.test.ts';

export const DUPLICATES_MUTANTS: Mutant[] = [
  {
    name: 'duplicates: the first row is kept',
    file: 'engine/data/remove-duplicates.ts',
    from: 'rows.length === 1 ? rows[0] : chosenOf(rows)',
    to: 'rows.length === 0 ? chosenOf(rows) : rows[0]',
    test: { file: DUPLICATES },
    why: 'The record would depend on the order of the file.',
  },
  {
    name: 'duplicates: the first of tied rows is kept',
    file: 'engine/data/remove-duplicates.ts',
    from: 'tied.length === 1 ? tied[0] : smallestDigest(tied, context)',
    to: 'tied[0]',
    test: { file: DUPLICATES },
    why: 'The record would depend on the order of the file.',
  },
  {
    name: 'duplicates: spellings are units of their own',
    file: 'engine/data/remove-duplicates.ts',
    from: 'const key = duplicateKey(record.text);',
    to: 'const key = record.text;',
    test: { file: DUPLICATES },
    why: 'One text would be on both sides of the split.',
  },
  {
    name: 'duplicates: letter case makes another text',
    file: 'engine/data/normalise-text.ts',
    from: 'return normaliseText(text).toLowerCase();',
    to: 'return normaliseText(text);',
    test: { file: DUPLICATES },
    why: 'The stated unit is rows that differ in case or white space.',
  },
  {
    name: 'duplicates: the split looks at labels',
    file: 'engine/data/split-corpus.ts',
    from: 'hash: recordHash(record.text, seed)',
    to: 'hash: recordHash(record.text + record.label, seed)',
    test: { file: 'engine/data/split-corpus.test.ts', name: 'labels play no part' },
    why: 'A label would move a record from one side to the other.',
  },
  {
    name: 'duplicates: another split of the same corpus',
    file: 'engine/data/split-corpus.ts',
    from: 'hash.readUIntBE(0, 6) / 2 ** 48 < testFraction',
    to: 'hash.readUIntBE(1, 6) / 2 ** 48 < testFraction',
    test: { file: 'engine/data/prepare-corpus.test.ts' },
    why: 'Ledgers, caches and schedules name records by the split.',
  },
];
