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
      const key = stepKey({ run: input.run, name: params.name(input) });
      const digest = sha256(JSON.stringify(input));
      const output = await withHeartbeats(async (onProgress) => {
        const kept = await keptOutput({ ...params, input });
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

/** What a step has left of this very input, or undefined. */
export async function keptOutput<Input extends { run: string }, Output>(params: {
  store: ArtifactStore;
  input: Input;
  name: (input: Input) => string;
  output: z.ZodType<Output>;
}): Promise<Output | undefined> {
  const { store, input, name, output } = params;
  const kept = await readKept(store, stepKey({ run: input.run, name: name(input) }));
  return kept?.input === sha256(JSON.stringify(input)) ? output.parse(kept.output) : undefined;
}

/** What a step of a run has left, whatever its input was; undefined before its end. */
export async function keptResult<Output>(params: {
  store: ArtifactStore;
  run: string;
  name: string;
  output: z.ZodType<Output>;
}): Promise<Output | undefined> {
  const kept = await readKept(params.store, stepKey(params));
  return kept === undefined ? undefined : params.output.parse(kept.output);
}

function stepKey({ run, name }: { run: string; name: string }): string {
  return `${run}/steps/${name}.json`;
}

async function readKept(
  store: ArtifactStore,
  key: string,
): Promise<{ input: string; output: unknown } | undefined> {
  const bytes = await store.readKey({ area: 'private', key });
  return bytes === null ? undefined : JSON.parse(bytes.toString('utf8'));
}
