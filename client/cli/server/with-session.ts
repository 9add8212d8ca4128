import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import { storeUri } from '../../../storage/open-store.ts';
import { type Connected, connect } from '../../connect.ts';
import { withEmbedded } from './with-embedded.ts';

/** A server that a command talks to, and what the command must know of its surroundings. */
export type Session = {
  connected: Connected;
  storeUri: string;
  /**
   * The page of a workflow in the Temporal UI; null if only the operator of the server knows where the UI is.
   */
  uiLink: (workflow: string) => string | null;
  /** Settles at the first Ctrl-C. On a cluster Ctrl-C ends the command at once until this is called. */
  interrupted: () => Promise<void>;
  /** The home whose server and workers end with this command; null if they keep running. */
  keptIn: string | null;
};

type SessionOptions = { local?: boolean; home?: string; port?: number; uiPort?: number };

/**
 * Connects to a server for `use`. With --local it is the embedded one, which ends with the command unless
 * another process keeps it; otherwise the cluster that the environment names.
 */
export async function withSession(
  options: SessionOptions,
  use: (session: Session) => Promise<void>,
): Promise<void> {
  if (!options.local) {
    const connected = await connect();
    return closing(connected, () =>
      use({
        connected,
        storeUri: storeUri(process.env),
        uiLink: () => null,
        interrupted: () => new Promise((resolve) => process.once('SIGINT', () => resolve())),
        keptIn: null,
      }),
    );
  }
  await withEmbedded({ options }, async ({ embedded, interrupted }) => {
    const { home, owned, uiUrl } = embedded;
    const connected = await embedded.connect();
    const pages = `${uiUrl}/namespaces/${connected.namespace}/workflows`;
    await closing(connected, () =>
      use({
        connected,
        storeUri: home.storeUri,
        uiLink: (workflow) => (uiUrl === null ? null : `${pages}/${workflow}`),
        interrupted: () => interrupted,
        keptIn: owned ? home.folder : null,
      }),
    );
  });
}

async function closing({ close }: Connected, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await close();
  }
}

/** What `work` returns. Throws Interrupted with `message` if Ctrl-C comes first. */
export function orInterrupted<T>(params: {
  work: Promise<T>;
  interrupted: Promise<void>;
  message: string;
}): Promise<T> {
  const gone = params.interrupted.then(() => {
    throw new DpsynthError({ type: ErrorType.Interrupted, message: params.message });
  });
  return Promise.race([params.work, gone]);
}
