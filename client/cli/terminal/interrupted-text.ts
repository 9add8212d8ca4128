import { serverOptions } from '../server/server-options.ts';

/**
 * Returns the message after Ctrl-C ends the watching of a run or a sweep: what happens to it, how to see it
 * again, and how to cancel it, because that may be what the person wanted.
 */
export function interruptedText(params: {
  what: 'Run' | 'Sweep';
  id: string;
  /** The command that shows it again. */
  again: string;
  /** The home whose server and workers end with this command; null if they keep running. */
  keptIn: string | null;
  options: { local?: boolean; home?: string };
}): string {
  const { what, id, again, keptIn, options } = params;
  const cancel = `\`dpsynth cancel ${id}${serverOptions(options)}\` cancels it.`;
  return keptIn === null
    ? `${what} ${id} continues. \`${again}\` shows it again. ${cancel}`
    : `${what} ${id} is kept in ${keptIn}. \`${again}\` resumes it, and so does any other \`dpsynth run --local\`, \`sweep --local\` or \`up\` there. ${cancel}`;
}
