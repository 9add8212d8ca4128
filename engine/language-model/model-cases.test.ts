import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ErrorType } from '../../schemas/errors.ts';
import { openCheckpoint } from './load-model.ts';

// test/cases/README.md describes each case.
const CASES = 'test/cases/models';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpsynth-models-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const copy = (name: string) => cp(join(CASES, name), folder, { recursive: true });
const editJson = async (name: string, edit: (json: Record<string, unknown>) => object) => {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, 'utf8')))));
};

test.each([
  ['models/added-beyond', 'the tokenizer has 260 tokens and the model has embeddings for 259'],
  ['models/orig-mod', 'begin with _orig_mod., so it was saved inside the wrapper of torch.compile'],
  ['models/adapter-only', 'contains an adapter (adapter_config.json) instead of a model'],
  ['gguf/bigendian.gguf', 'is a big-endian GGUF file'],
  ['gguf/split-first.gguf', 'is part 1 of 2 of a GGUF file'],
])('%s is refused on opening: %s', async (name, message) => {
  await expect(openCheckpoint(`test/cases/${name}`)).rejects.toMatchObject({
    type: ErrorType.InvalidConfig,
    message: expect.stringContaining(message),
  });
});

test('a model saved inside another wrapper is reported as such, and a missing tensor is named', async () => {
  await copy('orig-mod');
  const path = join(folder, 'model.safetensors');
  const bytes = await readFile(path);
  // The name keeps its length, or the offsets in the header would be wrong.
  const named = (prefix: string) =>
    Buffer.from(bytes.toString('latin1').replaceAll('_orig_mod.', prefix), 'latin1');
  await writeFile(path, named('module.xx.'));
  await expect(openCheckpoint(folder)).rejects.toThrow(
    'begin with module.xx., so it was saved inside the wrapper DataParallel',
  );
  await writeFile(path, named('other_name'));
  await expect(openCheckpoint(folder)).rejects.toThrow(/lacks the tensor model\.embed_tokens\.weight/);
  await writeFile(path, named('_wrapped_.'));
  await expect(openCheckpoint(folder)).rejects.toThrow(
    'begin with _wrapped_., so it was saved inside a wrapper.',
  );
});

test('for a folder with only PyTorch weights or a GGUF file, the error says what to do', async () => {
  await copy('qwen3-inline');
  await rename(join(folder, 'model.safetensors'), join(folder, 'pytorch_model.bin'));
  await expect(openCheckpoint(folder)).rejects.toThrow('pytorch_model.bin; safetensors and GGUF are read');
  await rename(join(folder, 'pytorch_model.bin'), join(folder, 'whole.gguf'));
  await expect(openCheckpoint(folder)).rejects.toThrow(`name the file, ${join(folder, 'whole.gguf')}`);
});

test('special tokens without an embedding are plain text: no record can hold them as a token', async () => {
  await copy('added-beyond');
  await editJson('tokenizer.json', (json) => ({
    ...json,
    added_tokens: (json.added_tokens as { id: number }[]).map((token) =>
      token.id === 259 ? { ...token, special: true } : token,
    ),
  }));
  const { tokenizer, config } = await openCheckpoint(folder);
  for (const ids of [tokenizer.encode('a [TOOL] b'), tokenizer.encodeTemplate('a [TOOL] b')]) {
    expect(Math.max(...ids)).toBeLessThan(config.vocabulary);
    expect(tokenizer.decode(ids)).toBe('a [TOOL] b');
  }
});

test('a chat template in a separate file gives the same prompt and is included in an export', async () => {
  const [inline, own] = await Promise.all(
    ['qwen3-inline', 'qwen3-jinja'].map((name) => openCheckpoint(join(CASES, name))),
  );
  const request = { system: 'Be brief.', request: 'Write a line.' };
  expect(own.tokenizer.chat!.render(request)).toBe(inline.tokenizer.chat!.render(request));
  expect(own.tokenizer.chat!.render(request)).toContain('<think>');
  const files = await own.hubFiles();
  for (const name of ['chat_template.jinja', 'generation_config.json'])
    expect(files[name]).toBe(await readFile(join(CASES, 'qwen3-jinja', name), 'utf8'));
  expect(Object.keys(await inline.hubFiles()).sort()).toEqual([
    'config.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
});

test.each([undefined, true, false])(
  'decoding keeps the spaces of a text with clean_up_tokenization_spaces %s',
  async (cleanUp) => {
    await copy('qwen3-inline');
    await editJson('tokenizer_config.json', (json) => ({ ...json, clean_up_tokenization_spaces: cleanUp }));
    const { tokenizer } = await openCheckpoint(folder);
    const text = "hello , world . do n't ! it 's ' a ' test , is n't it ? we 've , I 'm ; you 're";
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  },
);
