import { approveReservation, setLedgerLimits } from '../change-ledger.ts';
import { type Connected, connect } from '../connect.ts';
import { locateHome } from '../embedded/home.ts';
import { readLease } from '../embedded/lease.ts';
import type { LedgerOptions, LimitOptions } from './commands/ledger.ts';

export async function approve(params: {
  id: string;
  reservation: string;
  options: LedgerOptions;
}): Promise<void> {
  const { id, reservation, options } = params;
  await withServer(options, async ({ client }) => {
    const outcome = await approveReservation({ client, ledger: id, reservation });
    console.log(options.json ? JSON.stringify(outcome) : `${reservation} is approved (${outcome.status}).`);
  });
}

export async function setLimits(params: { id: string; options: LimitOptions }): Promise<void> {
  const { id, options } = params;
  const { epsilon, delta, approveAbove } = options;
  await withServer(options, async ({ client }) => {
    const limits = await setLedgerLimits({
      client,
      ledger: id,
      limits: { epsilon, delta, ...(approveAbove === undefined ? {} : { approveAbove }) },
    });
    console.log(
      options.json
        ? JSON.stringify(limits)
        : `The ledger ${id} may reach epsilon ${epsilon} at delta ${delta}.`,
    );
  });
}

/** The embedded server of the home where one runs, as with `dpsynth up` or `dpsynth run --local`; else that of the environment. */
async function withServer(
  options: LedgerOptions,
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
