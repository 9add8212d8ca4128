import { readdirSync, readFileSync } from 'node:fs';
import type { GpuTraces } from './device.ts';

/** Looks for signs of NVIDIA GPUs in /proc and /dev. Never throws: anything unreadable counts as missing. */
export function findGpuTraces(): GpuTraces {
  return {
    driver: /Kernel Module(?: for \S+)?\s+([\d.]+)/.exec(text('/proc/driver/nvidia/version'))?.[1],
    // In WSL, /dev/dxg is the GPU of Windows.
    nodes: names('/dev')
      .filter((name) => /^nvidia\d+$|^dxg$/.test(name))
      .map((name) => `/dev/${name}`),
    libcuda: text('/proc/self/maps').includes('/libcuda.so'),
    visible: process.env.CUDA_VISIBLE_DEVICES,
  };
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
