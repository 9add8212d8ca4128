import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { ErrorType, NON_RETRYABLE_ERROR_TYPES } from '../schemas/errors.ts';
import { TaskQueue } from '../schemas/names.ts';
import { codeSpans, ROOT, readPage, tableRows } from '../test/docs/pages.ts';
import { proxyOptions } from '../test/docs/retry-policies.ts';

vi.mock('@temporalio/workflow', async (original) =>
  (await import('../test/docs/retry-policies.ts')).withRecordedProxies(original),
);

const NOT_IN_AN_ACTIVITY = 'not in an activity';

async function rows(): Promise<{ type: string; retried: string; cause: string; cure: string }[]> {
  const { text } = await readPage('docs/errors.md');
  return tableRows(text)
    .filter(({ columns }) => columns[0] === 'type')
    .map(({ cells: [type, retried, cause, cure] }) => ({ type: codeSpans(type)[0], retried, cause, cure }));
}

it('docs/errors.md has one row for each type of error, each with a cause and a remedy', async () => {
  const table = await rows();
  expect(table.map(({ type }) => type).sort()).toEqual(Object.values(ErrorType).sort());
  expect(table.filter(({ cause, cure }) => cause === '' || cure === '')).toEqual([]);
});

it('says "no" of exactly the types that are never retried, and as many attempts of the others as there are', async () => {
  const { queues, local } = await proxyOptions();
  const attempts = [...queues, local].map(({ retry }) => retry.maximumAttempts);
  expect(new Set(attempts).size).toBe(1);
  const table = await rows();
  const said = (pattern: RegExp) =>
    table.filter(({ retried }) => pattern.test(retried)).map(({ type }) => type);
  const elsewhere = said(new RegExp(`^${NOT_IN_AN_ACTIVITY}$`));
  expect(said(/^no$/).sort()).toEqual([...NON_RETRYABLE_ERROR_TYPES].sort());
  expect(
    [...said(new RegExp(`^${attempts[0]} attempts`)), ...elsewhere, ...NON_RETRYABLE_ERROR_TYPES].sort(),
  ).toEqual(Object.values(ErrorType).sort());
});

it('names the queue on which a type is not retried although it is elsewhere', async () => {
  const { queues } = await proxyOptions();
  const table = await rows();
  for (const queue of Object.values(TaskQueue)) {
    const said = table
      .filter(({ retried }) => retried.endsWith(`not on \`${queue}\``))
      .map(({ type }) => type);
    const { retry } = queues.find(({ taskQueue }) => taskQueue === queue)!;
    const extra = retry.nonRetryableErrorTypes.filter(
      (type) => !NON_RETRYABLE_ERROR_TYPES.some((always) => always === type),
    );
    expect(said, queue).toEqual(extra);
  }
});

it('says of no type that an activity throws that it is raised elsewhere', async () => {
  const elsewhere = (await rows()).filter(({ retried }) => retried === NOT_IN_AN_ACTIVITY);
  const thrown = elsewhere.flatMap(({ type }) =>
    ['activities', 'engine', 'storage', 'workers/compute']
      .flatMap((room) => sources(room))
      .filter((file) => readFileSync(file, 'utf8').includes(`ErrorType.${type}`))
      .map((file) => `${type}: ${file}`),
  );
  expect(thrown).toEqual([]);
});

/** The code that activities run. `forget` is run by a command, or by a worker when it starts. */
function sources(room: string): string[] {
  return readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('forget/'))
    .map((name) => join(ROOT, room, name));
}
