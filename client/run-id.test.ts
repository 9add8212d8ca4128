import { expect, test } from 'vitest';
import { createRunId } from './run-id.ts';

const now = new Date('2026-01-31T15:30:00Z');

test('a run id consists of name, UTC time and a random suffix', () => {
  expect(createRunId({ name: 'Topics', now })).toMatch(/^topics-20260131-153000-[a-z2-9]{4}$/);
});

test('a name of any characters gives an id that is safe as a folder and in an address', () => {
  expect(createRunId({ name: '../Été & co/..', now })).toMatch(/^ete-co-20260131-153000-/);
  expect(createRunId({ name: '日本', now })).toMatch(/^experiment-20260131-/);
});
