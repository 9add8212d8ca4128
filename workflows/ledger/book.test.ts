import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DpsynthError, ErrorType } from '../../schemas/errors.ts';
import type {
  AccountInput,
  AccountOutput,
  EntryOutcome,
  LedgerRecord,
  LedgerState,
} from '../../schemas/ledger.ts';
import { applyRecord, chargedParts, emptyLedger, findEntry } from '../../schemas/ledger-state.ts';
import type { MechanismPart } from '../../schemas/privacy.ts';
import { type LedgerBook, type LedgerPorts, openBook } from './book.ts';

const LEDGER = 'corpus';
const LIMITS = { epsilon: 10, delta: 1e-5, approveAbove: 4 };
/**
 * Reservations that runs ask for, by their cost; the odd ones have shown something by the time
 * that they fail.
 */
const COSTS = [1, 2, 3, 5, 6, 2.5];
const idOf = (which: number) => `r${which}`;
const isObserved = (which: number) => which % 2 === 1;
const partsOf = (which: number): MechanismPart[] => [
  { samplingRate: 1, noiseMultiplier: 1 / COSTS[which], steps: 1 },
];
const requestOf = (which: number) => ({
  reservation: { id: idOf(which), run: `run-${which}`, stage: 'finetune', parts: partsOf(which) },
  limits: LIMITS,
});

/** Losses that add up, in place of the accountant: its own numbers are tested beside it. */
const cost = (parts: readonly MechanismPart[]) =>
  parts.reduce((sum, { noiseMultiplier, steps }) => sum + steps / noiseMultiplier, 0);
const account = ({ charged, added }: AccountInput): AccountOutput => ({
  charged: cost(charged),
  alone: cost(added),
  total: cost(charged) + cost(added),
  fits: null,
});

/** A store that all books of a test share, as all servers of a corpus do. */
function memoryStore() {
  const records: LedgerRecord[] = [];
  const read = (): LedgerState => records.reduce(applyRecord, emptyLedger(LEDGER));
  return {
    records,
    read,
    append(record: LedgerRecord): boolean {
      const there = records[record.sequence - 1];
      if (there !== undefined) return JSON.stringify(there) === JSON.stringify(record);
      expect(record.sequence).toBe(records.length + 1);
      records.push(record);
      return true;
    },
  };
}

class Lost extends Error {}

/** A book on the store. `fault` may lose a request before it is carried out, or its answer after it was. */
function bookOn(
  store: ReturnType<typeof memoryStore>,
  options: { fault?: () => 'before' | 'after' | null; slow?: <T>(value: () => T) => Promise<T> } = {},
): LedgerBook {
  const { fault = () => null, slow = async (value) => value() } = options;
  let clock = 0;
  const ports: LedgerPorts = {
    read: () => slow(() => store.read()),
    hasMore: ({ sequence }) => slow(() => store.records.length > sequence),
    append: ({ record }) =>
      slow(() => {
        const what = fault();
        if (what === 'before') throw new Lost();
        const isDone = store.append(record);
        if (what === 'after') throw new Lost();
        return isDone;
      }),
    account: (input) => slow(() => account(input)),
    wasObserved: ({ run }) => slow(() => isObserved(Number(run.split('-')[1]))),
    now: () => new Date(clock++).toISOString(),
    onChange: () => {},
  };
  return openBook({ ledger: LEDGER, atLeast: 0, ports });
}

type Action = 'reserve' | 'commit' | 'refund' | 'approve';
const act = (book: LedgerBook, action: Action, which: number): Promise<EntryOutcome> =>
  action === 'reserve' ? book.reserve(requestOf(which)) : book[action](idOf(which));

const actions = fc.constantFrom<Action>('reserve', 'reserve', 'commit', 'refund', 'approve');
const whiches = fc.nat({ max: COSTS.length - 1 });

/**
 * The ledger in a few lines: what each reservation is, with nothing that can be lost, repeated or set back.
 */
function simpleModel() {
  const status = new Map<number, EntryOutcome['status']>();
  const isCharged = (which: number) => (status.get(which) ?? 'released') !== 'released';
  const total = () => [...status.keys()].filter(isCharged).reduce((sum, which) => sum + COSTS[which], 0);
  return {
    status,
    act(action: Action, which: number): EntryOutcome['status'] | ErrorType {
      const now = status.get(which);
      if (action === 'reserve') {
        if (isCharged(which)) return now!;
        if (total() + COSTS[which] > LIMITS.epsilon) return ErrorType.BudgetExceeded;
        status.set(which, COSTS[which] > LIMITS.approveAbove ? 'waiting' : 'reserved');
      } else if (action === 'refund') {
        if (now === 'waiting' || now === 'reserved')
          status.set(which, isObserved(which) ? 'committed' : 'released');
        return status.get(which) ?? 'released';
      } else if (now === undefined || (action === 'approve' && now === 'released')) {
        return ErrorType.InvalidConfig;
      } else if (action === 'commit') status.set(which, 'committed');
      else if (now === 'waiting') status.set(which, 'reserved');
      return status.get(which)!;
    },
  };
}

async function saidOf(outcome: Promise<EntryOutcome>): Promise<EntryOutcome['status'] | ErrorType> {
  try {
    return (await outcome).status;
  } catch (error) {
    if (error instanceof DpsynthError) return error.type;
    throw error;
  }
}

describe('the ledger compared with a model', () => {
  it('answers like an undisturbed ledger, despite lost answers, retries, restarts and servers that are reset in time', async () => {
    const step = fc.record({
      action: actions,
      which: whiches,
      // The other books have not seen what happened since their last turn, as after a reset.
      book: fc.nat({ max: 2 }),
      restart: fc.boolean(),
      faults: fc.array(fc.constantFrom('before' as const, 'after' as const), { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const store = memoryStore();
        const model = simpleModel();
        let faults: ('before' | 'after')[] = [];
        const open = () => bookOn(store, { fault: () => faults.shift() ?? null });
        const books = [open(), open(), open()];
        for (const { action, which, book, restart, faults: given } of steps) {
          faults = [...given];
          if (restart) books[book] = open();
          const said = async (): Promise<EntryOutcome['status'] | ErrorType> => {
            try {
              return await saidOf(act(books[book], action, which));
            } catch (error) {
              if (error instanceof Lost) return said();
              throw error;
            }
          };
          expect(await said()).toBe(model.act(action, which));
        }
        const { entries } = store.read();
        expect(new Map(entries.map(({ id, status }) => [Number(id.slice(1)), status]))).toEqual(model.status);
        for (const book of books) {
          await book.load();
          expect(book.view()).toMatchObject({ entries, charged: cost(chargedParts({ entries })) });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('enforces the limit and charges each release once, however requests of many runs interleave', async () => {
    const step = fc.record({ action: actions, which: whiches, book: fc.nat({ max: 2 }) });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { maxLength: 16 }), async (scheduler, steps) => {
        const store = memoryStore();
        const slow = async <T>(value: () => T): Promise<T> => {
          await scheduler.schedule(Promise.resolve());
          return value();
        };
        const books = [0, 1, 2].map(() => bookOn(store, { slow }));
        const said = steps.map(({ action, which, book }) => saidOf(act(books[book], action, which)));
        await scheduler.waitIdle();
        const answers = await Promise.all(said);

        let state = emptyLedger(LEDGER);
        for (const record of store.records) {
          const { change } = record;
          if (change.kind === 'reserve') {
            const before = findEntry(state, change.reservation.id)?.status ?? 'released';
            expect(before).toBe('released');
          }
          state = applyRecord(state, record);
          if (change.kind === 'reserve')
            expect(cost(chargedParts(state))).toBeLessThanOrEqual(LIMITS.epsilon + 1e-9);
          if (change.kind === 'release') expect(isObserved(Number(change.id.slice(1)))).toBe(false);
        }
        steps.forEach(({ action, which }, at) => {
          const status = findEntry(state, idOf(which))?.status;
          if (action === 'commit' && answers[at] === 'committed') expect(status).toBe('committed');
          const isRefunded = steps.some((one) => one.action === 'refund' && one.which === which);
          if (action === 'reserve' && answers[at] === 'reserved' && !isRefunded)
            expect(['reserved', 'committed']).toContain(status);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('a ledger', () => {
  it('says what is left, and refuses other limits and other mechanisms under the same name', async () => {
    const book = bookOn(memoryStore());
    for (const which of [0, 1, 3]) await book.reserve(requestOf(which));
    await expect(book.reserve(requestOf(4))).rejects.toThrow(
      expect.objectContaining({
        type: ErrorType.BudgetExceeded,
        message: expect.stringMatching(
          /charged epsilon 8 of 10 .*: 2 is left\. .*run-4 needs 6, which makes 14 in all\./,
        ),
      }),
    );
    await expect(
      book.reserve({ ...requestOf(0), limits: { ...LIMITS, epsilon: 100 } }),
    ).resolves.toMatchObject({
      status: 'reserved',
    });
    await expect(book.reserve({ ...requestOf(4), limits: { ...LIMITS, epsilon: 100 } })).rejects.toThrow(
      /has the limits epsilon 10 .* says epsilon 100 .*dpsynth ledger limits corpus/,
    );
    const cheaper = { ...requestOf(0).reservation, parts: partsOf(1) };
    await expect(book.reserve({ reservation: cheaper, limits: LIMITS })).rejects.toThrow(
      /made for other mechanisms/,
    );
  });

  it('accepts other limits on record, and then has room', async () => {
    const store = memoryStore();
    const book = bookOn(store);
    await book.reserve(requestOf(4));
    await expect(book.reserve(requestOf(3))).rejects.toThrow(/1 is left|4 is left/);
    const limits = { epsilon: 12, delta: 1e-5 };
    await book.setLimits(limits);
    await expect(book.reserve({ ...requestOf(3), limits })).resolves.toEqual({
      id: 'r3',
      status: 'reserved',
    });
    expect(store.records.map(({ change }) => change.kind)).toEqual([
      'limits',
      'reserve',
      'limits',
      'reserve',
    ]);
  });

  it('refuses to continue if the store has fewer records than it knew', async () => {
    const store = memoryStore();
    const ports = {
      read: async ({ atLeast }: { atLeast: number }) => {
        if (store.records.length < atLeast)
          throw new DpsynthError({ type: ErrorType.ArtifactCorrupt, message: 'gone' });
        return store.read();
      },
    } as unknown as LedgerPorts;
    const book = openBook({ ledger: LEDGER, atLeast: 3, ports });
    await expect(book.reserve(requestOf(0))).rejects.toThrow('gone');
  });
});
