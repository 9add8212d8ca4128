import { invalidConfig } from '../../../schemas/errors.ts';

const KINDS = { experiment: 'an experiment', sweep: 'a sweep', resynthesis: 'a re-synthesis' } as const;
type Kind = keyof typeof KINDS;

const INSTEAD: Record<Kind, (path: string) => string> = {
  experiment: (path) => `\`dpsynth run ${path}\` runs it.`,
  sweep: (path) =>
    `\`dpsynth sweep ${path}\` runs it. \`run\` and \`plan\` take a single experiment, in a file of its own.`,
  resynthesis: () => '`dpsynth schedule create` takes a single experiment, in a file of its own.',
};

/**
 * Throws InvalidConfig if the settings are of another kind than the command takes, because the schema would
 * only list unknown fields. Settings of no known kind pass; the schema refuses them.
 */
export function assertKind(params: { path: string; content: unknown; takes: 'experiment' | 'sweep' }): void {
  const { path, content, takes } = params;
  const kind = kindOf(content);
  if (kind === undefined || kind === takes) return;
  throw invalidConfig(`${path} is ${KINDS[kind]}, not ${KINDS[takes]}: ${INSTEAD[kind](path)}`);
}

/** Recognised by fields that only one kind has: an experiment contains no experiment. */
function kindOf(content: unknown): Kind | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  if ('experiment' in content) return 'release' in content ? 'resynthesis' : 'sweep';
  return 'corpus' in content || 'template' in content ? 'experiment' : undefined;
}
