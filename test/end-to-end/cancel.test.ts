import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, spawnCli } from './cli.ts';

const CONFIG = fileURLToPath(new URL('./tiny.json', import.meta.url));

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dpsynth-cancel-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('a run that Ctrl-C has left in a home, with no server any more, is cancelled there', {
  timeout: 240_000,
}, async () => {
  const child = spawnCli(['run', CONFIG, '--local', '--home', home, '--id', 'kept']);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const before = stderr.includes('Run kept\n');
    stderr += chunk;
    // Once: a second Ctrl-C kills what is still saving checkpoints.
    if (!before && stderr.includes('Run kept\n')) child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  const command = `dpsynth cancel kept --local --home ${home}`;
  expect(stderr).toContain(`Run kept is kept in ${home}.`);
  expect(stderr).toContain(`\`${command}\` cancels it.`);
  expect(code).toBe(130);

  const args = command.split(' ').slice(1);
  expect(await runCli(args)).toMatchObject({
    code: 0,
    stdout: `Cancelled the run kept. \`dpsynth run CONFIG --local --home ${home} --id kept\` with the same settings resumes it.\n`,
  });
  const { code: again, stderr: says } = await runCli(args);
  expect(again).toBe(1);
  expect(says).toContain('kept has already ended (cancelled)');
});

test('a home that was never used is no place to start a server', async () => {
  const unused = join(home, 'unused');
  const { code, stderr } = await runCli(['cancel', 'x', '--local', '--home', unused]);
  expect(code).toBe(1);
  expect(stderr).toBe(
    `InvalidConfig: There is no run or sweep x: no server was ever started for ${unused}.\n`,
  );
  expect(existsSync(unused)).toBe(false);
});
