import { serverOptions } from '../server/server-options.ts';

/**
 * Said when Ctrl-C ends the watching of a run or a sweep: what becomes of it, how to see it again, and how to end it, since
 * a person who presses Ctrl-C may mean that.
 */
export function interruptedText(params: {
  what: 'Run' | 'Sweep';
  id: string;
  /** The command that shows it again. */
  again: string;
  /** The home whose server and workers end with this command; null where they stay. */
  keptIn: string | null;
  options: { local?: boolean; home?: string };
}): string {
  const { what, id, again, keptIn, options } = params;
  const cancel = `\`dpsynth cancel ${id}${serverOptions(options)}\` ends it.`;
  return keptIn === null
    ? `${what} ${id} goes on. \`${again}\` shows it again; ${cancel}`
    : `${what} ${id} is kept in ${keptIn}. \`${again}\` goes on with it, and so does any other \`dpsynth run --local\`, \`sweep --local\` or \`up\` there. ${cancel}`;
}
