import { randomBytes } from 'node:crypto';
import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifestSchema } from '../../schemas/artifact.ts';
import { openStore } from '../../storage/open-store.ts';
import { HAS_S3_SERVER, type S3Server, startS3Server } from '../integration/s3-server.ts';
import { runCli } from './cli.ts';

const RUN = 'same';

describe.skipIf(!HAS_S3_SERVER)('an experiment whose corpus and store are on S3', () => {
  let server: S3Server;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dpsynth-on-s3-'));
    server = await startS3Server();
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the tiny experiment from the command line, and gives what it printed and what its release holds. */
  async function run(params: { name: string; source: string; storeUri: string; runKey: Buffer }) {
    const { name, source, storeUri, runKey } = params;
    const tiny = JSON.parse(await readFile(fileURLToPath(new URL('./tiny.json', import.meta.url)), 'utf8'));
    tiny.corpus.source = source;
    tiny.training = { ...tiny.training, steps: 1 };
    tiny.sampling = { records: 4, shards: 1, maxTokens: 4, batch: 4 };
    tiny.evaluation = { ...tiny.evaluation, baselines: ['majority'] };
    const config = join(folder, `${name}.json`);
    await writeFile(config, JSON.stringify(tiny));
    const store = await openStore(storeUri);
    // The same secrets for both, of the store and of the run: only then are their draws and noise the same.
    for (const key of ['store@1/secret.key', `${RUN}/run.key`])
      await store.put({ area: 'private', key, body: runKey, mediaType: 'application/octet-stream' });
    const home = join(folder, name);
    const cli = await runCli(['run', config, '--local', '--home', home, '--id', RUN, '--json'], {
      env: { DPSYNTH_STORE: storeUri },
    });
    expect(cli.code, cli.stderr).toBe(0);
    const bytes = await store.readKey({ area: 'release', key: `${RUN}/manifest.json` });
    const { outputs } = manifestSchema.parse(JSON.parse(String(bytes)));
    for (const ref of Object.values(outputs)) expect(await store.holds(ref)).toBe(true);
    const digests = Object.fromEntries(Object.entries(outputs).map(([key, { sha256 }]) => [key, sha256]));
    return { store, home, cli, digests };
  }

  test('releases what it releases from files, byte for byte, and tells nobody its credentials', {
    timeout: 900_000,
  }, async () => {
    const corpus = join(folder, 'corpus.csv');
    await writeFile(corpus, csv());
    await writeFile(join(server.folder, 'corpus.csv'), csv());
    const runKey = randomBytes(32);
    const files = await run({
      name: 'files',
      source: corpus,
      storeUri: pathToFileURL(join(folder, 'store')).href,
      runKey,
    });
    const s3 = await run({
      name: 's3',
      source: server.uri('corpus.csv'),
      storeUri: server.uri('team/store'),
      runKey,
    });

    // A report and a card say when and where they were made.
    const { report: _r, card: _c, ...released } = files.digests;
    expect(Object.keys(released).sort()).toEqual(['adapter', 'statement', 'synthetic', 'synthetic-parquet']);
    expect(s3.digests).toMatchObject(released);

    const printed = s3.cli.json() as { report: string; scores: unknown };
    expect(printed.report).toBe(`s3://${server.bucket}/team/store/private/${RUN}/report.html`);
    expect(printed.scores).toEqual((files.cli.json() as typeof printed).scores);
    expect(await s3.store.readKey({ area: 'private', key: `${RUN}/run.key` })).toBeNull();
    expect(await s3.store.list({ area: 'private', key: `${RUN}/checkpoints` })).toEqual([]);
    await expect(access(join(s3.home, 'artifacts'))).rejects.toThrow();

    const said = [s3.cli.stdout, s3.cli.stderr, ...(await texts(s3.home)), ...(await texts(server.folder))];
    expect(said.join('\n')).toContain(RUN);
    for (const text of said) {
      expect(text).not.toContain(process.env.AWS_SECRET_ACCESS_KEY);
      expect(text).not.toContain('Signature=');
    }
  });
});

/** Two labels that differ in their words. */
function csv(): string {
  const topics = { People: 'a painter who was born in', Mathematics: 'a theorem that was proved in' };
  const rows = Array.from({ length: 60 }, (_, i) =>
    Object.entries(topics).map(([label, words]) => `Number ${i} is ${words} ${1700 + i}.,${label}\n`),
  );
  return `text,label\n${rows.flat().join('')}`;
}

/** Every file below a folder, the database of the server too. */
async function texts(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
}
