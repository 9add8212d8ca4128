import { invalidConfig } from '../schemas/errors.ts';

/**
 * Temporal accepts at most 2 MiB per message and 50 MiB per history, which contains the settings
 * once per step.
 */
const LIMIT_BYTES = 2 ** 20;

/** Throws InvalidConfig if settings are too large for a workflow. `what` names them in the message. */
export function assertSize(what: string, settings: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(settings));
  if (bytes > LIMIT_BYTES)
    throw invalidConfig(
      `${what} has ${(bytes / 2 ** 20).toFixed(1)} MiB as JSON, but a workflow takes at most 1 MiB. Shorten its labels and descriptions.`,
    );
}
