import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { runCommand } from '../storage/assets/bootstrap/run-command.mjs';
import { tsxArguments } from '../workers/tsx-arguments.ts';

/** Starts the line of standard output on which a side prints its result as JSON. */
const RESULT = 'RESULT ';

/** Runs `bench/ours/NAME.ts` or `bench/peer/NAME.py` in its own process, one at a time. */
export type Sides = {
  ours: <Result>(name: string, task: object, result: z.ZodType<Result>) => Promise<Result>;
  peer: <Result>(name: string, task: object, result: z.ZodType<Result>) => Promise<Result>;
};

/**
 * Tasks are written to `folder`. The peer may use `threads` threads; TensorFlow uses all cores by default.
 */
export function openSides(params: { python: string; folder: string; threads: number }): Sides {
  const { python, folder, threads } = params;
  const env = {
    OMP_NUM_THREADS: String(threads),
    HF_HUB_OFFLINE: '1',
    TOKENIZERS_PARALLELISM: 'false',
  };
  const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));

  async function run<Result>(command: string, args: string[], task: object, result: z.ZodType<Result>) {
    const path = join(folder, 'task.json');
    await writeFile(path, JSON.stringify(task));
    let found: string | undefined;
    await runCommand(command, [...args, path], {
      log: 'bench-side',
      env,
      onLine: (line) => {
        if (!line.startsWith(RESULT)) return false;
        found = line.slice(RESULT.length);
        return true;
      },
    });
    if (found === undefined) throw new Error(`${args.at(-1)} ended without a result.`);
    return result.parse(JSON.parse(found));
  }

  return {
    ours: (name, task, result) =>
      run(process.execPath, [...tsxArguments(), script(`ours/${name}.ts`)], task, result),
    peer: (name, task, result) => run(python, [script(`peer/${name}.py`)], task, result),
  };
}
