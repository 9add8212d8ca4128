import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { ActivityDeps } from '../activities/activity-deps.ts';
import { createControlActivities, createCpuActivities, createGpuActivities } from '../activities/index.ts';
import { EVALUATIONS } from '../schemas/evaluations/index.ts';
import { TaskQueue } from '../schemas/names.ts';
import { codeSpans, ROOT, readPage, tableRows } from '../test/docs/pages.ts';
import { proxyOptions } from '../test/docs/retry-policies.ts';

vi.mock('@temporalio/workflow', async (original) =>
  (await import('../test/docs/retry-policies.ts')).withRecordedProxies(original),
);

const LEDGER_WORKFLOW = 'workflows/ledger/workflow.ts';

async function table(first: string): Promise<string[][]> {
  const { text } = await readPage('docs/temporal.md');
  return tableRows(text)
    .filter(({ columns }) => columns[0] === first)
    .map(({ cells }) => cells.map((cell) => codeSpans(cell)[0] ?? cell));
}

it('docs/temporal.md has a row for each activity, with the queue that serves it and what it does', async () => {
  // Making an activity calls nothing: what it needs is used when it runs.
  const deps = {} as ActivityDeps;
  const served = {
    [TaskQueue.control]: createControlActivities(deps),
    [TaskQueue.cpu]: createCpuActivities(deps),
    [TaskQueue.gpu]: createGpuActivities(deps),
  };
  const expected = Object.entries(served).flatMap(([queue, activities]) =>
    Object.keys(activities).map((name) => [name, queue]),
  );
  const rows = await table('activity');
  expect(rows.map(([name, queue]) => [name, queue]).sort()).toEqual(expected.sort());
  expect(rows.filter((row) => row.at(-1) === '')).toEqual([]);
});

it('says of each activity whether it beats, as its code does, and how often it is tried, as the workflows ask', async () => {
  const { queues, local } = await proxyOptions();
  for (const [name, queue, heartbeat, attempts] of await table('activity')) {
    const makes = await makerOf(name);
    const isLocal = makes.includes('createLocalActivity');
    const isBeating = /\b(createStep|createComputeStep|createRepeatable|withHeartbeats)\b/.test(makes);
    const options = isLocal ? local : queues.find(({ taskQueue }) => taskQueue === queue)!;
    expect([name, heartbeat, attempts]).toEqual([
      name,
      isLocal ? 'no, local' : isBeating ? 'yes' : 'no',
      String(options.retry.maximumAttempts),
    ]);
  }
});

it('marks as local exactly the activities that the ledger runs beside its workflow', async () => {
  const ledger = await readFile(join(ROOT, LEDGER_WORKFLOW), 'utf8');
  const called = [...ledger.matchAll(/\blocal\.(\w+)/g)].map(([, name]) => name);
  const marked = (await table('activity')).filter(([, , heartbeat]) => heartbeat === 'no, local');
  expect(marked.map(([name]) => name).sort()).toEqual([...new Set(called)].sort());
});

it('gives the longest time of an attempt on each queue, and of an attempt of the ledger', async () => {
  const { queues, local } = await proxyOptions();
  const said = (await table('queue')).map(([queue, , , longest]) => [queue, longest]);
  expect(said).toEqual(queues.map(({ taskQueue, startToCloseTimeout }) => [taskQueue, startToCloseTimeout]));
  const { text } = await readPage('docs/temporal.md');
  expect(text).toContain(`at most ${local.startToCloseTimeout}`);
  for (const { heartbeatTimeout } of queues) expect(text).toContain(`no beat for ${heartbeatTimeout}`);
});

/**
 * The code of the function that makes an activity. It is named after the stage, whose activity may have
 * an older name.
 */
async function makerOf(activity: string): Promise<string> {
  const [stage = activity] =
    Object.entries(EVALUATIONS).find(([, one]) => 'activity' in one && one.activity.type === activity) ?? [];
  const head = `export function create${stage[0].toUpperCase()}${stage.slice(1)}(`;
  const folder = join(ROOT, 'activities');
  for (const name of await readdir(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const text = await readFile(join(folder, name), 'utf8');
    const start = text.indexOf(head);
    if (start >= 0) return text.slice(start, text.indexOf('\n}', start));
  }
  throw new Error(`No function makes the activity ${activity}.`);
}
