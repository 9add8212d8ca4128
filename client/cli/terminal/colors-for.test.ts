import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

test.each(['CI', 'FORCE_COLOR'])('with %s a pipe stays plain and a terminal is coloured', async (name) => {
  vi.stubEnv('NO_COLOR', undefined);
  vi.stubEnv(name, '1');
  vi.resetModules();
  const { colorsFor } = await import('./colors-for.ts');
  expect(colorsFor({ isTTY: undefined }).red('x')).toBe('x');
  expect(colorsFor({ isTTY: true }).red('x')).not.toBe('x');
});
