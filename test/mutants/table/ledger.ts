import type { Mutant } from '../mutant.ts';

const BOOK = 'workflows/ledger/book.test.ts';
const RECORDS = 'storage/ledger-records.test.ts';
const ACCOUNT = 'engine/privacy/ledger-account.test.ts';

export const LEDGER: Mutant[] = [
  {
    name: 'ledger: each stage alone is held against the limit',
    file: 'workflows/ledger/book.ts',
    from: 'if (account.total > now.limits.epsilon)',
    to: 'if (account.alone > now.limits.epsilon)',
    test: { file: BOOK },
    why: 'The limit is on all runs together.',
  },
  {
    name: 'ledger: refunds what was seen',
    file: 'workflows/ledger/book.ts',
    from: "(await ports.wasObserved(entry)) ? 'commit' : 'release'",
    to: "(await ports.wasObserved(entry)) ? 'release' : 'release'",
    test: { file: BOOK },
    why: 'What may have been seen is spent.',
  },
  {
    name: 'ledger: approval is never asked for',
    file: 'workflows/ledger/book.ts',
    from: 'account.alone > (now.limits.approveAbove ?? Number.POSITIVE_INFINITY)',
    to: 'account.alone > Number.POSITIVE_INFINITY',
    test: { file: BOOK },
    why: 'A person has to agree above the threshold.',
  },
  {
    name: 'ledger: other mechanisms under the name of a reservation',
    file: 'workflows/ledger/book.ts',
    from: 'if (JSON.stringify(entry.parts) === JSON.stringify(parts)) return;',
    to: 'if (entry.parts.length === parts.length) return;',
    test: { file: BOOK },
    why: 'More could be spent than was reserved.',
  },
  {
    name: 'ledger: goes on when another writer was first',
    file: 'workflows/ledger/book.ts',
    from: 'if (!(await ports.append({ ledger, record }))) {',
    to: 'if (!(await ports.append({ ledger, record })) && from.limits === null) {',
    test: { file: BOOK },
    why: 'Two writers would spend the same budget.',
  },
  {
    name: 'ledger: reservations do not count',
    file: 'schemas/ledger-state.ts',
    from: "status !== 'released'",
    to: "status === 'committed'",
    test: { file: BOOK },
    why: 'Two runs could reserve the same budget.',
  },
  {
    name: 'ledger: equal mechanisms count once',
    file: 'schemas/ledger-state.ts',
    from: 'steps: part.steps + (groups.get(key)?.steps ?? 0)',
    to: 'steps: Math.max(part.steps, groups.get(key)?.steps ?? 0)',
    test: { file: ACCOUNT },
    why: 'Repeated runs compose.',
  },
  {
    name: 'ledger: a record is missing',
    file: 'schemas/ledger-state.ts',
    from: 'if (sequence !== state.sequence + 1)',
    to: 'if (sequence <= state.sequence)',
    test: { file: RECORDS },
    why: 'A ledger that forgets spends the budget again.',
  },
  {
    name: 'ledger: behind what it knew',
    file: 'storage/record-chain.ts',
    from: 'Math.max(atLeast, head?.sequence ?? 0)',
    to: '(head?.sequence ?? 0)',
    test: { file: RECORDS },
    why: 'A ledger that forgets spends the budget again.',
  },
  {
    name: 'ledger: a record is overwritten',
    file: 'storage/put-once.ts',
    from: 'value: record });',
    to: 'value: record, replace: true });',
    test: { file: RECORDS, name: 'one of two writers' },
    why: 'What was charged would be gone.',
  },
  {
    name: 'ledger: what is charged and what is added are not composed',
    file: 'engine/privacy/ledger-account.ts',
    from: 'const total = epsilon([...charged, ...added]);',
    to: 'const total = Math.max(epsilon(charged), epsilon(added));',
    test: { file: ACCOUNT },
    why: 'Losses over the same records add up.',
  },
];
