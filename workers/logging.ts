import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DefaultLogger, type LogEntry, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/**
 * Sends the logs of both parts of the SDK to a file or to standard error. Standard output is reserved for the
 * line that reports readiness.
 */
export async function installLogging(params: {
  file: string | undefined;
  level?: 'INFO' | 'WARN';
}): Promise<void> {
  const level = params.level ?? 'INFO';
  if (params.file !== undefined) await mkdir(dirname(params.file), { recursive: true });
  const out = params.file === undefined ? process.stderr : createWriteStream(params.file, { flags: 'a' });
  Runtime.install({
    logger: new DefaultLogger(level, (entry) => out.write(`${format(entry)}\n`)),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
  });
}

function format({ level, timestampNanos, message, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  return JSON.stringify({ time, level, message, ...meta }, (_key, value) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
  });
}
