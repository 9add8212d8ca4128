import { readFileSync } from 'node:fs';

/**
 * Whether the processor has VDPBF16PS (AVX512_BF16), as Linux tells. DPSYNTH_BFLOAT16=off hides it, to compute as a machine without it
 * does. Loads nothing, so that a process that computes nothing can ask.
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
