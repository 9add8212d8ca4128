import { approveReservation, setLedgerLimits } from '../change-ledger.ts';
import type { LedgerOptions, LimitOptions } from './commands/ledger.ts';
import { withServer } from './with-server.ts';

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
