import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder } from './cache-folder.mjs';
import { onInterrupt } from './interrupt.mjs';

const TAIL_LINES = 15;
const KILL_AFTER_MS = 3_000;

export async function runCommand(command, args, { log, cwd, env, onLine, timeoutMs }) {
  const logs = join(cacheFolder(), 'logs');
  await mkdir(logs, { recursive: true });
  const logPath = join(logs, `${log}.log`);
  const file = createWriteStream(logPath);
  file.write(`$ ${command} ${args.join(' ')}\n`);

  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio, timeout: timeoutMs });
  const closed = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  let interrupted = false;
  const done = onInterrupt(async () => {
    interrupted = true;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    // Not 'close', which waits for grandchildren too.
    if (child.exitCode === null && child.signalCode === null) await ended;
  });
  const tail = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (onLine?.(line)) return;
      file.write(`${line}\n`);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
    });
  }
  const status = await closed;
  // The process is about to exit: that the command was stopped is no failure for the caller to report.
  if (interrupted) await new Promise(() => {});
  done();
  await new Promise((resolve) => file.end(resolve));
  if (status === 0) return;
  const shown = [command, ...args.slice(0, 3)].join(' ');
  throw new Error([`\`${shown} ...\` failed (${status}):`, ...tail, `Full log: ${logPath}`].join('\n  '));
}
