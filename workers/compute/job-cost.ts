import { readFileSync } from 'node:fs';
import type { JobCost } from '../../schemas/jobs.ts';

/**
 * Starts measuring a job. The returned function gives the seconds since then and the peak memory
 * of this process.
 */
export function startJobCost(): () => JobCost {
  const started = performance.now();
  return () => ({ seconds: (performance.now() - started) / 1000, peakRssBytes: peakMemory() });
}

/** On Linux, `maxRSS` of a child starts at its parent's value. VmHWM counts this program alone. */
function peakMemory(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
