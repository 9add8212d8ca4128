/**
 * `findTemporalExecutable()`: the server that a local run starts with `temporal server start-dev`, unless
 * TEMPORAL_ADDRESS names one.
 */
export { cachedTemporalPath, findTemporalExecutable } from './bootstrap/temporal-executable.mjs';
