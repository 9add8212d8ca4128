import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import { type Connected, connect } from '../connect.ts';
import { type Home, openHome } from './home.ts';
import { acquireLease } from './lease.ts';
import { isTemporalUp, startTemporalServer } from './temporal-server.ts';
import { startWorkerProcess } from './worker-process.ts';

/** The server and workers of one home, whether this process started them or found them running. */
export type Embedded = {
  home: Home;
  /** Address of the Temporal server; null if the environment gives it. */
  address: string | null;
  connect: () => Promise<Connected>;
  /** null if the server was given by TEMPORAL_ADDRESS: only its operator knows where its UI is. */
  uiUrl: string | null;
  /** False if another dpsynth process serves this home; then `stop` stops nothing. */
  owned: boolean;
  /** Settles if the server or the workers exit without being asked to. */
  failed: Promise<string>;
  stop: (params: { force: boolean }) => Promise<void>;
};

/**
 * Starts the embedded Temporal server (SQLite on disk, with its UI) and the control, cpu and gpu workers, or
 * joins those that already serve the home. If TEMPORAL_ADDRESS is set, it starts only the workers.
 */
export async function startEmbedded(params: {
  home?: string;
  port?: number;
  uiPort?: number;
  onStep?: (what: string) => void;
}): Promise<Embedded> {
  const { onStep = () => {} } = params;
  const home = await openHome(params.home);
  const given = process.env.TEMPORAL_ADDRESS;
  if (given) {
    onStep(`Starting the workers for the Temporal server at ${given}`);
    const workers = await startWorkerProcess({ home, address: null });
    const failed = workers.ended.then(() => 'The workers have exited');
    return {
      home,
      address: null,
      connect: () => connect(),
      uiUrl: null,
      owned: true,
      failed,
      stop: workers.stop,
    };
  }

  const lease = await acquireLease(home.leaseFile);
  if ('running' in lease) {
    const { address, uiUrl } = lease.running;
    if (await isTemporalUp(address)) {
      onStep(`Joining the server that is already running for ${home.folder}`);
      return {
        home,
        address,
        connect: () => connect({ address }),
        uiUrl,
        owned: false,
        failed: new Promise(() => {}),
        stop: async () => {},
      };
    }
    throw new DpsynthError({
      type: ErrorType.TemporalUnavailable,
      message: `The process named in ${home.leaseFile} does not serve Temporal at ${address}. Stop that process, or remove the file if the process is not dpsynth.`,
    });
  }
  try {
    onStep('Starting the embedded Temporal server');
    const server = await startTemporalServer({ home, port: params.port, uiPort: params.uiPort });
    try {
      onStep('Starting the workers');
      const workers = await startWorkerProcess({ home, address: server.address });
      await lease.publish({ address: server.address, uiUrl: server.uiUrl });
      return {
        home,
        address: server.address,
        connect: () => connect({ address: server.address }),
        uiUrl: server.uiUrl,
        owned: true,
        failed: Promise.race([
          server.exited.then(() => 'The embedded Temporal server has exited'),
          workers.ended.then(() => 'The workers have exited'),
        ]),
        stop: async ({ force }) => {
          await workers.stop({ force });
          await server.stop();
          await lease.release();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    await lease.release();
    throw error;
  }
}
