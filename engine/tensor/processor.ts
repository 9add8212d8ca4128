import { readFileSync } from 'node:fs';

/**
 * Returns whether the processor has VDPBF16PS (AVX512_BF16), as reported by Linux. DPSYNTH_BFLOAT16=off hides
 * it, to compute like a machine without it. Loads nothing, so a process that computes nothing can call it.
 */
export function processorHasBfloat16(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.DPSYNTH_BFLOAT16 !== 'off' && listed();
}

let known: boolean | undefined;

function listed(): boolean {
  known ??= process.arch === 'x64' && /^flags\s*:.*\bavx512_bf16\b/m.test(cpuinfo());
  return known;
}

function cpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
