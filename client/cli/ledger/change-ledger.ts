import { openStore } from '../../../storage/open-store.ts';
import { locateHome } from '../../embedded/home.ts';
import { approveReservation, setLedgerLimits } from '../../ledger/change-ledger.ts';
import { withServer } from '../server/with-server.ts';
import { operatorName } from '../terminal/operator-name.ts';
import type { LedgerOptions } from './show-ledger.ts';

export type ApproveOptions = LedgerOptions & { by?: string };
export type LimitOptions = ApproveOptions & { epsilon: number; delta: number; approveAbove?: number };

export async function approve(params: {
  id: string;
  reservation: string;
  options: ApproveOptions;
}): Promise<void> {
  const { id, reservation, options } = params;
  const store = await openStore(locateHome(options.home).storeUri);
  const by = options.by ?? operatorName();
  await withServer(options, async ({ client }) => {
    const outcome = await approveReservation({ client, store, ledger: id, reservation, by });
    console.log(
      options.json ? JSON.stringify(outcome) : `${reservation} is approved by ${by} (${outcome.status}).`,
    );
  });
}

export async function setLimits(params: { id: string; options: LimitOptions }): Promise<void> {
  const { id, options } = params;
  const { epsilon, delta, approveAbove } = options;
  const store = await openStore(locateHome(options.home).storeUri);
  await withServer(options, async ({ client }) => {
    const limits = await setLedgerLimits({
      client,
      store,
      ledger: id,
      limits: { epsilon, delta, ...(approveAbove === undefined ? {} : { approveAbove }) },
      by: options.by ?? operatorName(),
    });
    console.log(
      options.json
        ? JSON.stringify(limits)
        : `The ledger ${id} may reach epsilon ${epsilon} at delta ${delta}.`,
    );
  });
}
