import type { LedgerEntry, LedgerView } from '../../schemas/ledger.ts';
import { inline, page, short } from '../shared/markdown.ts';

/** Rows on the page. The query and `dpsynth ledger show` have all entries. */
const SHOWN = 100;

const STATUS: Record<LedgerEntry['status'], string> = {
  waiting: '**waiting for approval**',
  reserved: 'reserved',
  committed: 'charged',
  released: 'refunded',
};

/**
 * Returns the Markdown that the Temporal UI shows on the page of a ledger: what is spent, on what, and what
 * is left. Pure.
 */
export function ledgerDetails(view: LedgerView): string {
  const { ledger, limits, charged, entries } = view;
  const parts = [`### Privacy ledger of ${inline(ledger)}`];
  if (limits !== null && charged !== null) {
    const left = Math.max(0, limits.epsilon - charged);
    parts.push(
      `Epsilon **${short(charged)}** of ${limits.epsilon} is charged at delta ${limits.delta}; **${short(left)}** is left. ` +
        'Losses are composed, so the total is less than the sum of the rows.',
    );
  }
  const waiting = entries.filter(({ status }) => status === 'waiting');
  parts.push(
    ...waiting.map(
      ({ id, run }) => `\`dpsynth ledger approve ${ledger} ${id}\` lets ${inline(run)} continue.`,
    ),
  );
  const newest = entries.slice(-SHOWN).reverse();
  if (newest.length < entries.length) parts.push(`The newest ${SHOWN} of ${entries.length} reservations:`);
  if (newest.length > 0) parts.push(table(newest));
  return page(parts);
}

function table(entries: readonly LedgerEntry[]): string {
  const rows = entries.map(({ id, run, stage, epsilon, status, at }) => {
    const time = at.slice(0, 16).replace('T', ' ');
    return `| \`${id}\` | ${inline(run)} | ${inline(stage)} | ${short(epsilon)} | ${STATUS[status]} | ${time} |`;
  });
  return [
    '| Reservation | Run | Stage | Epsilon alone | State | Since (UTC) |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
