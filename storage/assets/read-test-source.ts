import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { readCorpus } from './read-corpus.ts';

/**
 * Returns the bytes of the source that `corpus.test` names; undefined if the test set is part of the corpus.
 * Throws like `readCorpus`.
 */
export async function readTestSource({ test }: Pick<CorpusConfig, 'test'>): Promise<Uint8Array | undefined> {
  return typeof test === 'string' ? readCorpus({ source: test }) : undefined;
}
