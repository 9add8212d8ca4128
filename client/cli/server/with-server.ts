import { type Connected, connect } from '../../connect.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLease } from '../../embedded/lease.ts';

/** The embedded server of the home where one runs, as with `dpsynth up` or `dpsynth run --local`; else that of the environment. */
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
