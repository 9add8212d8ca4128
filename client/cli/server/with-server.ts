import { type Connected, connect } from '../../connect.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLease } from '../../embedded/lease.ts';

/**
 * Connects to the embedded server of the home if it is running (`dpsynth up`, `dpsynth run --local`), else to
 * the server of the environment.
 */
export async function withServer(
  options: { home?: string },
  use: (connected: Connected) => Promise<void>,
): Promise<void> {
  const running = await readLease(locateHome(options.home).leaseFile);
  const connected = await connect(running === null ? {} : { address: running.address });
  try {
    await use(connected);
  } finally {
    await connected.close();
  }
}
