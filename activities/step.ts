import type { z } from 'zod';
import type { OnProgress } from '../schemas/jobs.ts';
import type { ArtifactStore } from '../storage/artifact-store.ts';
import { sha256 } from '../storage/digest.ts';
import { withHeartbeats } from './heartbeats.ts';
import { toFailure } from './to-failure.ts';

/**
 * Makes an activity of one step of a run. Its result stays in `private/<run>/steps/<name>.json`, so that an attempt
 * after the one that succeeded (a worker that died before it could answer) gives the same result without the work.
 */
export function createStep<Input extends { run: string }, Output>(params: {
  store: ArtifactStore;
  input: z.ZodType<Input>;
  output: z.ZodType<Output>;
  name: (input: Input) => string;
  run: (input: Input, onProgress: OnProgress) => Promise<Output>;
  /** Runs once the result is kept, also when it was kept by an earlier attempt. */
  afterwards?: (input: Input) => Promise<void>;
}): (input: Input) => Promise<Output> {
  const { store, afterwards } = params;
  return async (given) => {
    try {
      const input = params.input.parse(given);
      const key = `${input.run}/steps/${params.name(input)}.json`;
      const digest = sha256(JSON.stringify(input));
      const output = await withHeartbeats(async (onProgress) => {
        const kept = await readStep({ store, key, digest, output: params.output });
        if (kept !== undefined) return kept;
        const made = params.output.parse(await params.run(input, onProgress));
        const body = `${JSON.stringify({ input: digest, output: made })}\n`;
        await store.put({ area: 'private', key, body, mediaType: 'application/json', replace: true });
        return made;
      });
      await afterwards?.(input);
      return output;
    } catch (error) {
      throw toFailure(error);
    }
  };
}

async function readStep<Output>(params: {
  store: ArtifactStore;
  key: string;
  digest: string;
  output: z.ZodType<Output>;
}) {
  const bytes = await params.store.readKey({ area: 'private', key: params.key });
  if (bytes === null) return undefined;
  const kept = JSON.parse(bytes.toString('utf8'));
  return kept.input === params.digest ? params.output.parse(kept.output) : undefined;
}
