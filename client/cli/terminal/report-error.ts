import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { colorsFor } from './colors-for.ts';

export const ExitCode = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Reports an error: a red line on standard error and, with `json`, an object on standard output. Returns the
 * exit code. Shows a stack only for errors that are not a DpsynthError, and only if DPSYNTH_DEBUG is set.
 */
export async function reportError(error: unknown, params: { json: boolean }): Promise<number> {
  const { type, message } = describe(error);
  if (params.json) console.log(JSON.stringify({ error: { type, message } }));
  const colors = colorsFor(process.stderr);
  const [first, ...rest] = message.split('\n');
  console.error([colors.red(`${type}: ${first}`), ...rest].join('\n'));
  if (!(error instanceof DpsynthError) && process.env.DPSYNTH_DEBUG) console.error(error);
  return type === ErrorType.Interrupted ? ExitCode.interrupted : ExitCode.failed;
}

function describe(error: unknown): { type: string; message: string } {
  if (error instanceof DpsynthError) return { type: error.type, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'Unexpected', message: `${message} (DPSYNTH_DEBUG=1 shows the stack.)` };
}
