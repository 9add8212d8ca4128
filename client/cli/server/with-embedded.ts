import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { type Embedded, startEmbedded } from '../../embedded/embedded.ts';

export type EmbeddedSession = {
  embedded: Embedded;
  /** Settles at the first Ctrl-C or SIGTERM. */
  interrupted: Promise<void>;
};

/**
 * Brings the embedded server and workers up for `use` and takes them down after it. The first Ctrl-C lets `use`
 * return; the workers then save their checkpoints. A second one kills them.
 * Throws TemporalUnavailable when the server or the workers end by themselves.
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
        message: `${why}. The logs are in ${embedded?.home.logs}. Runs are kept: \`dpsynth up\` goes on with them.`,
      });
    });
    await Promise.race([use({ embedded, interrupted }), failed]);
  } finally {
    if (embedded?.owned) {
      if (signals > 0)
        console.error('Stopping the workers; they save their checkpoints (Ctrl-C again kills them) ...');
      await embedded.stop({ force: false });
    }
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.off('SIGHUP', onSignal);
  }
}
