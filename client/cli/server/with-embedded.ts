import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { type Embedded, startEmbedded } from '../../embedded/embedded.ts';

export type EmbeddedSession = {
  embedded: Embedded;
  /** Settles at the first Ctrl-C or SIGTERM. */
  interrupted: Promise<void>;
};

/**
 * Starts the embedded server and workers for `use`, and stops them afterwards. At the first Ctrl-C `use`
 * returns and the workers save their checkpoints; a second Ctrl-C kills them.
 * Throws TemporalUnavailable if the server or the workers exit by themselves.
 */
export async function withEmbedded(
  params: { options: { home?: string; port?: number; uiPort?: number } },
  use: (session: EmbeddedSession) => Promise<void>,
): Promise<void> {
  let embedded: Embedded | undefined;
  let signals = 0;
  let tell = () => {};
  const interrupted = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onSignal = () => {
    signals++;
    if (signals === 1) tell();
    else if (embedded === undefined) process.exit(130);
    else void embedded.stop({ force: true }).finally(() => process.exit(130));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  try {
    embedded = await startEmbedded({ ...params.options, onStep: (what) => console.error(`${what} ...`) });
    const failed = embedded.failed.then((why) => {
      throw new DpsynthError({
        type: ErrorType.TemporalUnavailable,
        message: `${why}. The logs are in ${embedded?.home.logs}. Unfinished runs are kept; \`dpsynth up\` resumes them.`,
      });
    });
    await Promise.race([use({ embedded, interrupted }), failed]);
  } finally {
    if (embedded?.owned) {
      if (signals > 0)
        console.error(
          'Stopping the workers, which save their checkpoints first (press Ctrl-C again to kill them) ...',
        );
      await embedded.stop({ force: false });
    }
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.off('SIGHUP', onSignal);
  }
}
