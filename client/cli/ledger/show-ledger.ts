import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { invalidConfig } from '../../../schemas/errors.ts';
import { type LedgerEntry, type LedgerView, ledgerIdSchema } from '../../../schemas/ledger.ts';
import { listLedgers } from '../../../storage/ledger-records.ts';
import { openStore } from '../../../storage/open-store.ts';
import { locateHome } from '../../embedded/home.ts';
import { readLedger } from '../../ledger/read-ledger.ts';
import { colorsFor } from '../terminal/colors-for.ts';

export type LedgerOptions = { home?: string; json?: boolean };

const STATUS: Record<LedgerEntry['status'], string> = {
  waiting: 'waiting for approval',
  reserved: 'reserved',
  committed: 'charged',
  released: 'refunded',
};

export async function listAll(options: LedgerOptions): Promise<void> {
  const store = await openStore(locateHome(options.home).storeUri);
  const ids = await listLedgers({ store });
  const ledgers = await Promise.all(ids.map((ledger) => readLedger({ store, ledger })));
  if (options.json) console.log(JSON.stringify(ledgers.map(summaryOf)));
  else if (ledgers.length === 0)
    console.log('There is no ledger yet. An experiment with privacy.ledger opens one.');
  else console.log(ledgers.map((view) => `${view.ledger}  ${spentText(view)}`).join('\n'));
}

export async function showOne(id: string, options: LedgerOptions): Promise<void> {
  if (!ledgerIdSchema.safeParse(id).success)
    throw invalidConfig(
      `${JSON.stringify(id)} is not a valid ledger id: use up to 100 letters, digits, dots, dashes and underscores.`,
    );
  const store = await openStore(locateHome(options.home).storeUri);
  const view = await readLedger({ store, ledger: id });
  if (options.json) console.log(JSON.stringify({ ...summaryOf(view), entries: view.entries }));
  else console.log(ledgerText({ view, colors: colorsFor(process.stdout) }));
}

function summaryOf({ ledger, limits, charged }: LedgerView) {
  return { ledger, limits, charged, left: leftOf({ limits, charged }) };
}

function leftOf({ limits, charged }: Pick<LedgerView, 'limits' | 'charged'>): number {
  return Math.max(0, (limits?.epsilon ?? 0) - (charged ?? 0));
}

function spentText(view: LedgerView): string {
  const { limits, charged } = view;
  return `epsilon ${(charged ?? 0).toPrecision(4)} of ${limits?.epsilon} charged at delta ${limits?.delta}, ${leftOf(view).toPrecision(4)} left`;
}

/** Returns what is spent, one row per reservation, and what is waiting for approval. */
export function ledgerText({ view, colors }: { view: LedgerView; colors: Colors }): string {
  const table = new Table({
    head: ['Reservation', 'Run', 'Stage', 'Epsilon alone', 'State', 'Since'].map((name) => colors.bold(name)),
    colAligns: ['left', 'left', 'left', 'right', 'left', 'left'],
    style: { compact: true, head: [], border: colors.dim('x') === 'x' ? [] : ['gray'] },
  });
  for (const { id, run, stage, epsilon, status, at } of view.entries)
    table.push([id, run, stage, epsilon.toPrecision(4), STATUS[status], at.slice(0, 16).replace('T', ' ')]);
  const waiting = view.entries
    .filter(({ status }) => status === 'waiting')
    .map(({ id, run }) =>
      colors.yellow(`\`dpsynth ledger approve ${view.ledger} ${id}\` lets ${run} continue.`),
    );
  return [`${view.ledger}: ${spentText(view)}`, table.toString(), ...waiting].join('\n');
}
