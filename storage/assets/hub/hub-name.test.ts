import { expect, test } from 'vitest';
import { formatHubName, isPinned, parseHubName } from './hub-name.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

test.each([
  ['hub:a/b', { repository: 'a/b', revision: 'main' }],
  ['hub:a/b-1.5_x@refs/pr/1', { repository: 'a/b-1.5_x', revision: 'refs/pr/1' }],
  [`hub:a/b/sub/c.Q4_K.gguf@${COMMIT}`, { repository: 'a/b', file: 'sub/c.Q4_K.gguf', revision: COMMIT }],
])('%s is taken apart and put together', (name, parts) => {
  expect(parseHubName(name)).toEqual(parts);
  expect(parseHubName(formatHubName(parseHubName(name)))).toEqual(parts);
});

test('only a commit is pinned', () => {
  expect(isPinned(parseHubName(`hub:a/b@${COMMIT}`))).toBe(true);
  expect(isPinned(parseHubName('hub:a/b@v1.0'))).toBe(false);
});

test.each([
  'hub:gpt2',
  'hub:a/../../etc',
  'hub:a/b/../c.gguf',
  'hub:a/b/model.safetensors',
  'hub:a/b@',
  'hub:a/b@x@y',
  'hub:/a/b',
])('%s is refused with the spelling that is meant', (name) => {
  expect(() => parseHubName(name)).toThrow(/hub:OWNER\/NAME@REVISION/);
});
