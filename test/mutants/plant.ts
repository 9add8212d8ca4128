import type { Mutant } from './mutant.ts';

/**
 * The source with the fault in it. Throws where the text to replace does not occur exactly once: the table is
 * out of date.
 */
export function planted(
  source: string,
  { name, file, from, to }: Pick<Mutant, 'name' | 'file' | 'from' | 'to'>,
): string {
  const count = source.split(from).length - 1;
  if (count !== 1)
    throw new Error(
      `${name}: its text occurs ${count} times in ${file}, not once. Bring the table up to date.`,
    );
  return source.replace(from, () => to);
}
