import { DpsynthError, ErrorType, invalidConfig } from '../../schemas/errors.ts';
import type {
  AccountInput,
  AccountOutput,
  EntryOutcome,
  LedgerChange,
  LedgerEntry,
  LedgerLimits,
  LedgerRecord,
  LedgerState,
  LedgerView,
  ReserveRequest,
} from '../../schemas/ledger.ts';
import { applyRecord, chargedParts, emptyLedger, findEntry } from '../../schemas/ledger-state.ts';
import { sameLimits } from '../../schemas/policy.ts';
import { short } from '../shared/markdown.ts';

/** What a ledger needs from outside: local activities in the workflow, functions in memory in tests. */
export type LedgerPorts = {
  read: (params: { ledger: string; atLeast: number }) => Promise<LedgerState>;
  /** Whether there are records after this one. */
  hasMore: (params: { ledger: string; sequence: number }) => Promise<boolean>;
  /** Returns false if another record has this sequence number. */
  append: (params: { ledger: string; record: LedgerRecord }) => Promise<boolean>;
  account: (params: AccountInput) => Promise<AccountOutput>;
  /** Whether the stage of the run may have revealed anything that its mechanism produced. */
  wasObserved: (params: Pick<LedgerEntry, 'run' | 'stage'>) => Promise<boolean>;
  now: () => string;
  onChange: (view: LedgerView) => void;
};

/** The state must fit into one answer. No budget allows thousands of trainings on one corpus. */
const MOST_ENTRIES = 4000;

export type LedgerBook = ReturnType<typeof openBook>;

/**
 * Opens the privacy ledger of one corpus. It makes changes one at a time, and writes each as a record to the
 * store before it answers. If it finds another writer's record in that place, it reads the ledger again and
 * decides again. So the limit holds even if a server or a worker is reset to an earlier time.
 */
export function openBook(params: { ledger: string; atLeast: number; ports: LedgerPorts }) {
  const { ledger, ports } = params;
  let state: LedgerState | null = null;
  let charged: number | null = null;
  /** Whether `state` was compared with the store since the current change began. */
  let isFresh = false;
  let last: Promise<unknown> = Promise.resolve();

  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(() => {
      isFresh = false;
      return work();
    });
    last = next.catch(() => {});
    return next;
  }

  const known = () => state?.sequence ?? params.atLeast;

  async function load(): Promise<LedgerState> {
    const read = await ports.read({ ledger, atLeast: known() });
    state = read;
    isFresh = true;
    charged = await epsilonOfCharged(read);
    ports.onChange(view());
    return read;
  }

  /** The current state. An answer that changes nothing must not come from an outdated state. */
  async function current(): Promise<LedgerState> {
    if (state === null) return load();
    if (!isFresh && (await ports.hasMore({ ledger, sequence: state.sequence }))) return load();
    isFresh = true;
    return state;
  }

  async function epsilonOfCharged(of: LedgerState): Promise<number | null> {
    if (of.limits === null) return 0;
    return (await ports.account({ charged: chargedParts(of), added: [], limits: of.limits })).charged;
  }

  /**
   * Writes a change, or reads the ledger again if another record came first. The caller then decides again.
   */
  async function write(change: LedgerChange, total?: number): Promise<void> {
    const from = await current();
    const record = { sequence: from.sequence + 1, at: ports.now(), change };
    if (!(await ports.append({ ledger, record }))) {
      await load();
      return;
    }
    state = applyRecord(from, record);
    const changesTotal = change.kind === 'release' || change.kind === 'commit' || change.kind === 'limits';
    charged = total ?? (changesTotal ? await epsilonOfCharged(state) : charged);
    ports.onChange(view());
  }

  function view(): LedgerView {
    return { ...(state ?? emptyLedger(ledger)), charged };
  }

  /** Repeats `step` on the entry until it has nothing left to change. */
  async function settle(id: string, step: (entry: LedgerEntry | undefined) => Promise<LedgerChange | null>) {
    for (;;) {
      const entry = findEntry(await current(), id);
      const change = await step(entry);
      if (change === null) return { id, status: entry?.status ?? 'released' } satisfies EntryOutcome;
      await write(change);
    }
  }

  return {
    view,
    known,
    load: () => oneAtATime(load),

    /**
     * Reserves budget for a stage, unless it is already reserved. The first reservation sets the limits of
     * the ledger; limits of a policy of the store take precedence.
     * Throws BudgetExceeded if everything charged and this together exceed the limit, InvalidConfig
     * for other limits.
     */
    reserve: ({ reservation, limits, byPolicy }: ReserveRequest): Promise<EntryOutcome> =>
      oneAtATime(async () => {
        for (;;) {
          const now = await current();
          const entry = findEntry(now, reservation.id);
          if (entry !== undefined && entry.status !== 'released') {
            assertSame(entry, reservation, ledger);
            return { id: entry.id, status: entry.status };
          }
          // Limits of the policy are written again if the policy has changed. The writer checks that they
          // are the policy's.
          if (now.limits === null || (byPolicy === true && !sameLimits(now.limits, limits))) {
            await write({ kind: 'limits', limits });
            continue;
          }
          assertLimits({ ledger, asked: limits, held: now.limits });
          if (now.entries.length >= MOST_ENTRIES && entry === undefined)
            throw invalidConfig(
              `The ledger ${ledger} is full: it has ${MOST_ENTRIES} reservations, the most that a ledger can hold.`,
            );
          const account = await ports.account({
            charged: chargedParts(now),
            added: reservation.parts,
            limits: now.limits,
          });
          if (account.total > now.limits.epsilon)
            throw budgetExceeded({ ledger, reservation, limits: now.limits, account });
          const waits = account.alone > (now.limits.approveAbove ?? Number.POSITIVE_INFINITY);
          await write({ kind: 'reserve', reservation, epsilon: account.alone, waits }, account.total);
        }
      }),

    /** Charges a reservation permanently. Throws InvalidConfig if there is none. */
    commit: (id: string) =>
      oneAtATime(() =>
        settle(id, async (entry) => {
          if (entry === undefined) throw unknownReservation(ledger, id);
          return entry.status === 'committed' ? null : { kind: 'commit', id };
        }),
      ),

    /** Refunds a reservation, unless something of its stage was observed: then it is charged for good. */
    refund: (id: string) =>
      oneAtATime(() =>
        settle(id, async (entry) => {
          if (entry === undefined || entry.status === 'released' || entry.status === 'committed') return null;
          return { kind: (await ports.wasObserved(entry)) ? 'commit' : 'release', id };
        }),
      ),

    /** Approves a waiting reservation, so that its stage continues. Throws InvalidConfig if there is none. */
    approve: (id: string) =>
      oneAtATime(() =>
        settle(id, async (entry) => {
          if (entry === undefined || entry.status === 'released') throw unknownReservation(ledger, id);
          return entry.status === 'waiting' ? { kind: 'approve', id } : null;
        }),
      ),

    /** Changes the limits, on record. What is charged stays charged, even above a lower limit. */
    setLimits: (limits: LedgerLimits): Promise<LedgerLimits> =>
      oneAtATime(async () => {
        for (;;) {
          const held = (await current()).limits;
          if (held !== null && sameLimits(held, limits)) return limits;
          await write({ kind: 'limits', limits });
        }
      }),
  };
}

function assertLimits(params: { ledger: string; asked: LedgerLimits; held: LedgerLimits }): void {
  const { ledger, asked, held } = params;
  if (sameLimits(asked, held)) return;
  throw invalidConfig(
    `The ledger ${ledger} has the limits ${limitsText(held)}, but privacy.ledger says ${limitsText(asked)}. ` +
      `Use the limits of the ledger, or change them with \`dpsynth ledger limits ${ledger}\`.`,
  );
}

function limitsText({ epsilon, delta, approveAbove }: LedgerLimits): string {
  const approval = approveAbove === undefined ? 'no approval' : `approval above epsilon ${approveAbove}`;
  return `epsilon ${epsilon} at delta ${delta}, ${approval}`;
}

function assertSame(entry: LedgerEntry, { parts }: { parts: LedgerEntry['parts'] }, ledger: string): void {
  if (JSON.stringify(entry.parts) === JSON.stringify(parts)) return;
  throw invalidConfig(
    `The reservation ${entry.id} of the ledger ${ledger} was made for other mechanisms. Give the new reservation an id of its own.`,
  );
}

function unknownReservation(ledger: string, id: string): DpsynthError {
  return invalidConfig(
    `The ledger ${ledger} has no reservation ${id}. \`dpsynth ledger show ${ledger}\` lists its reservations.`,
  );
}

function budgetExceeded(params: {
  ledger: string;
  reservation: ReserveRequest['reservation'];
  limits: LedgerLimits;
  account: AccountOutput;
}): DpsynthError {
  const { ledger, reservation, limits, account } = params;
  const { charged, alone, total, fits } = account;
  const left = Math.max(0, limits.epsilon - charged);
  const advice =
    fits === null
      ? 'No amount of noise makes it fit. Raise the limit with `dpsynth ledger limits`, or use a result that is already paid for.'
      : `Lower privacy.epsilon: up to ${fits.epsilon.toPrecision(3)} at that delta fits, with a noise multiplier of ` +
        `${fits.noiseMultiplier.toPrecision(4)} instead of ${reservation.parts[0].noiseMultiplier.toPrecision(4)}.`;
  return new DpsynthError({
    type: ErrorType.BudgetExceeded,
    message:
      `The ledger ${ledger} has charged epsilon ${short(charged)} of ${limits.epsilon} at delta ${limits.delta}: ${short(left)} is left. ` +
      `The stage ${reservation.stage} of the run ${reservation.run} needs ${short(alone)}, which makes ${short(total)} in all. ${advice}`,
  });
}
