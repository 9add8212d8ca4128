import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCorpus } from './read-corpus.ts';

test('a file that is too large to be read at once is refused in words', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dpsynth-large-'));
  const source = join(folder, 'corpus.jsonl');
  try {
    // Without content: it takes no space on the disk.
    const file = await open(source, 'w');
    await file.truncate(2 ** 31 + 1);
    await file.close();
    await expect(readCorpus({ source })).rejects.toMatchObject({
      type: 'InvalidData',
      message: expect.stringContaining('files up to 2 GiB are read'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
