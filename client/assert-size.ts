import { invalidConfig } from '../schemas/errors.ts';

/** Temporal takes at most 2 MiB in one message and 50 MiB in a history, where the settings stand once for each step. */
const LIMIT_BYTES = 2 ** 20;

/** Throws InvalidConfig for settings that are too large for a workflow: `what` names them. */
export function assertSize(what: string, settings: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(settings));
  if (bytes > LIMIT_BYTES)
    throw invalidConfig(
      `${what} has ${(bytes / 2 ** 20).toFixed(1)} MiB as JSON; at most 1 MiB fits into a workflow. Shorten its labels and descriptions.`,
    );
}
