import { invalidConfig } from '../../../schemas/errors.ts';

const KINDS = { experiment: 'an experiment', sweep: 'a sweep', resynthesis: 'a re-synthesis' } as const;
type Kind = keyof typeof KINDS;

const INSTEAD: Record<Kind, (path: string) => string> = {
  experiment: (path) => `\`dpsynth run ${path}\` runs it.`,
  sweep: (path) =>
    `\`dpsynth sweep ${path}\` runs it; \`run\` and \`plan\` take its experiment, in a file of its own.`,
  resynthesis: () => '`dpsynth schedule create` takes its experiment, in a file of its own.',
};

/**
 * Throws InvalidConfig for the settings of another kind than the command takes: the schema would only list fields of the
 * other one. What is of no kind passes, and is for the schema to refuse.
 */
export function assertKind(params: { path: string; content: unknown; takes: 'experiment' | 'sweep' }): void {
  const { path, content, takes } = params;
  const kind = kindOf(content);
  if (kind === undefined || kind === takes) return;
  throw invalidConfig(`${path} is ${KINDS[kind]}, not ${KINDS[takes]}: ${INSTEAD[kind](path)}`);
}

/** By fields that only one kind has: an experiment has no experiment in it. */
function kindOf(content: unknown): Kind | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  if ('experiment' in content) return 'release' in content ? 'resynthesis' : 'sweep';
  return 'corpus' in content || 'template' in content ? 'experiment' : undefined;
}
