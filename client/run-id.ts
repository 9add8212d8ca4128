import { randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * Creates a readable run id, which is also the workflow id and the folder: `topics-20260131-153000-x7k2`
 * (UTC).
 */
export function createRunId(params: { name: string; now?: Date }): string {
  const stamp = (params.now ?? new Date()).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const random = Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${readableName(params.name)}-${stamp}-${random}`;
}

/** Turns a name into the first part of an id: lower-case letters, digits and dashes. */
export function readableName(name: string): string {
  const cleaned = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return cleaned === '' ? 'experiment' : cleaned;
}
