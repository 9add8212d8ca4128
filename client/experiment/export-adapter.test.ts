import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeAdapter } from '../../engine/language-model/adapter-file.ts';
import { trainableParameters } from '../../engine/language-model/count-parameters.ts';
import { openCheckpoint } from '../../engine/language-model/load-model.ts';
import { trainingSchema } from '../../schemas/settings/training.ts';
import { exportAdapter } from './export-adapter.ts';

const MODEL = 'test/cases/models/qwen3-jinja';

test('a merged export is a whole model: it can be opened, with its chat template and its end of generation', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dpsynth-export-'));
  try {
    const source = await openCheckpoint(MODEL);
    const { adapter } = trainingSchema.parse({ adapter: { method: 'lora', rank: 1 } });
    const values = new Float32Array(trainableParameters(source.config, adapter));
    const path = join(folder, 'adapter.safetensors');
    await writeFile(path, encodeAdapter({ model: source.config, adapter, values }));
    const out = join(folder, 'merged');
    const names = await exportAdapter({ adapter: path, model: MODEL, out, merged: true });
    expect(names.sort()).toEqual([
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    for (const name of ['chat_template.jinja', 'generation_config.json', 'config.json'])
      expect(await readFile(join(out, name), 'utf8')).toBe(await readFile(join(MODEL, name), 'utf8'));
    const request = { request: 'Write a line.' };
    const exported = await openCheckpoint(out);
    expect(exported.tokenizer.chat!.render(request)).toBe(source.tokenizer.chat!.render(request));
  } finally {
    await rm(folder, { recursive: true });
  }
});
