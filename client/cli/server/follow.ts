import { interruptedText } from '../terminal/interrupted-text.ts';
import { orInterrupted, type Session } from './with-session.ts';

/**
 * Shows a run or a sweep until it ends, and returns the last view of it. Throws Interrupted at Ctrl-C; the
 * run or sweep itself is not stopped.
 */
export async function follow<View>(params: {
  session: Session;
  display: { update: (view: View) => void; stop: () => void };
  watch: (params: { onView: (view: View) => void; signal: AbortSignal }) => Promise<View>;
  /** For the message after Ctrl-C. */
  interruption: Omit<Parameters<typeof interruptedText>[0], 'keptIn'>;
}): Promise<View> {
  const { session, display, watch, interruption } = params;
  const watching = new AbortController();
  try {
    return await orInterrupted({
      work: watch({ onView: display.update, signal: watching.signal }),
      interrupted: session.interrupted(),
      message: interruptedText({ ...interruption, keptIn: session.keptIn }),
    });
  } finally {
    watching.abort();
    display.stop();
  }
}
