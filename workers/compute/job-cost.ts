import { readFileSync } from 'node:fs';
import type { JobCost } from '../../schemas/jobs.ts';

/** Starts to measure a job: its end gives the seconds since, and the peak memory of this process. */
export function startJobCost(): () => JobCost {
  const started = performance.now();
  return () => ({ seconds: (performance.now() - started) / 1000, peakRssBytes: peakMemory() });
}

/** On Linux `maxRSS` of a child begins at that of its parent; VmHWM is that of this program alone. */
function peakMemory(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
