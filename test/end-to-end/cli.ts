import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(new URL('../../client/cli/dpsynth.mjs', import.meta.url));

type CliOptions = { cwd?: string; env?: Record<string, string> };
export type CliResult = { code: number | null; stdout: string; stderr: string; json: () => unknown };

/**
 * The command line tool as a user runs it, in a process of its own that no cluster of
 * the environment reaches.
 */
export function spawnCli(args: readonly string[], options: CliOptions = {}): ChildProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TEMPORAL_|DPSYNTH_(HOME|STORE)$|VITEST|NODE_OPTIONS$)/.test(name),
    ),
  );
  const { cwd, env } = options;
  return spawn(process.execPath, [ENTRY, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawnCli(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr, json: () => JSON.parse(stdout) };
}

/** `dpsynth up` on free ports, once it serves; `stop` is Ctrl-C. */
export async function startUp(home: string): Promise<{
  ui: string;
  address: string;
  pid: number;
  stop: () => Promise<number | null>;
}> {
  const child = spawnCli(['up', '--home', home, '--json']);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const first = new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').once('data', resolve);
  });
  const line = await Promise.race([first, ended.then(() => null)]);
  if (line === null) throw new Error(`dpsynth up ended: ${stderr}`);
  const { ui, address } = JSON.parse(line);
  return {
    ui,
    address,
    pid: child.pid!,
    stop: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}
