import { existsSync, readFileSync } from 'node:fs';

/** The task that bench/run-side.ts gave to this process. */
export function readTask<Task>(): Task {
  return JSON.parse(readFileSync(process.argv[2], 'utf8')) as Task;
}

/** Returns the result with the peak memory of this process to the parent, and exits. */
export function giveResult(result: object): void {
  console.log(`RESULT ${JSON.stringify({ ...result, peakRssBytes: peakRssBytes() })}`);
}

/** Returns the processor seconds of this process so far, over all its threads. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** On Linux, maxRSS includes the memory of the process that started this one. */
function peakRssBytes(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const highWater = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return 1024 * (highWater ? Number(highWater) : process.resourceUsage().maxRSS);
}
