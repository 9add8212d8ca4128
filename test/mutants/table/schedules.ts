import type { Mutant } from '../mutant.ts';

const NEXT = 'engine/data/next-version.test.ts';
const OPEN = 'workers/compute/jobs/open-version.test.ts';

export const SCHEDULES: Mutant[] = [
  {
    name: 'schedules: a used text under other letters is new',
    file: 'engine/data/unit-digest.ts',
    from: '.update(duplicateKey(text))',
    to: '.update(text)',
    test: { file: NEXT, name: 'in another spelling' },
    why: 'Parallel composition needs disjoint units.',
  },
  {
    name: 'schedules: used records are used again',
    file: 'engine/data/next-version.ts',
    from: 'records.filter(({ text }) => !isUsed(unitDigest(text)))',
    to: 'records.filter(({ text }) => !isUsed(unitDigest(text)) || text.length > 0)',
    test: { file: NEXT, name: 'uses only these' },
    why: 'Parallel composition needs disjoint units.',
  },
  {
    name: 'schedules: a version marks other records than it uses',
    file: 'engine/data/next-version.ts',
    from: 'units: unitsOf(fresh)',
    to: 'units: unitsOf(train)',
    test: { file: NEXT, name: 'uses only these' },
    why: 'Test records of one version would be trained on in the next.',
  },
  {
    name: 'schedules: a version of unchanged records',
    file: 'engine/data/next-version.ts',
    from: "content === published ? 'unchanged'",
    to: "content === null ? 'unchanged'",
    test: { file: NEXT, name: 'is not made from unchanged records' },
    why: 'It would spend budget for nothing.',
  },
  {
    name: 'schedules: the order of the file makes a version',
    file: 'engine/data/next-version.ts',
    from: '.map(({ text, label }) => JSON.stringify([text, label])).sort();',
    to: '.map(({ text, label }) => JSON.stringify([text, label]));',
    test: { file: NEXT, name: 'whatever their order' },
    why: 'It would spend budget for nothing.',
  },
  {
    name: 'schedules: a tick that asks again opens another version',
    file: 'workers/compute/jobs/open-version.ts',
    from: '.tick === tick)',
    to: '.tick === tick.slice(1))',
    test: { file: OPEN, name: 'a tick that asks again' },
    why: 'A retry would mark records twice.',
  },
  {
    name: 'schedules: a void version can be prepared',
    file: 'storage/version-records.ts',
    from: 'if (found === undefined || found.isVoid)',
    to: 'if (found === undefined)',
    test: { file: OPEN, name: 'gives records back' },
    why: 'Its records belong to another version by then.',
  },
];
