import { defineConfig } from 'vitest/config';

// Forks, because native TensorFlow and the Temporal core do not share a process with a second
// copy of themselves.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**'],
  },
});
