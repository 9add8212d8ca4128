import { InvalidArgumentError } from 'commander';

/** Parses a finite number. The command itself checks its range. Throws a usage error. */
export function numberArgument(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

export function integerArgument(text: string): number {
  const value = numberArgument(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

export function portArgument(text: string): number {
  const value = integerArgument(text);
  if (value < 1 || value > 65535) throw new InvalidArgumentError('It must be a port from 1 to 65535.');
  return value;
}

export const JSON_OPTION = ['--json', 'print JSON only; progress and logs go to standard error'] as const;

export const PRIVATE_SCORES_OPTION = [
  '--private-scores',
  'also print scores computed from private records, even with --json or into a pipe or file; keep them out of logs that others read',
] as const;

export const HOME_OPTION = [
  '--home <folder>',
  'the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)',
] as const;

export const BY_OPTION = [
  '--by <name>',
  'who decides this, for the record (default: the user and the machine)',
] as const;
