import { readFileSync } from 'node:fs';

/** The task that bench/run-side.ts gave to this process. */
export function readTask<Task>(): Task {
  return JSON.parse(readFileSync(process.argv[2], 'utf8')) as Task;
}

/** Gives the result back, with the most memory that this process held, and ends it. */
export function giveResult(result: object): void {
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  console.log(`RESULT ${JSON.stringify({ ...result, peakRssBytes })}`);
}
