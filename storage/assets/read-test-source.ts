import type { CorpusConfig } from '../../schemas/settings/corpus.ts';
import { readCorpus } from './read-corpus.ts';

/**
 * The bytes of the source that `corpus.test` names; undefined if the test set is a part of the corpus. Throws
 * as `readCorpus` does.
 */
export async function readTestSource({ test }: Pick<CorpusConfig, 'test'>): Promise<Uint8Array | undefined> {
  return typeof test === 'string' ? readCorpus({ source: test }) : undefined;
}
