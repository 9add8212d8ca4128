import {
  ActivityFailure,
  CancellationScope,
  condition,
  log,
  patched,
  setHandler,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { DpStageInput, Quoted, ReserveBudgetInput, SettleBudgetInput } from '../../../schemas/budget.ts';
import { DpsynthError, ErrorType } from '../../../schemas/errors.ts';
import type { Scored } from '../../../schemas/evaluations/classify.ts';
import type { Selected, Trained } from '../../../schemas/jobs.ts';
import { budgetApproved } from '../../ledger/messages.ts';
import { control } from '../../shared/activity-proxies.ts';
import { named, type Scope } from './scope.ts';

/** A signal that is lost costs this much time at most. */
const ASK_AGAIN = '15 minutes';
/** Each time another run has made the same result between the quote and the work. Once is rare. */
const MOST_QUOTES = 5;

/** What a stage that spends budget makes. */
type Made = Trained | Selected | Scored;

/** What version 0.1.0 was told; recorded histories hold it. */
type EarlierQuote =
  | { paid: true; made: Trained | Scored }
  | ({ paid: false } & Pick<ReserveBudgetInput, 'ledger' | 'reservation'>);

/**
 * Runs a DP stage on the budget that the policy of the store or the experiment names: reserved before, charged after, refunded if the
 * stage failed and nothing was observed. A result that is there already is charged as well, unless this ledger has charged that very
 * release before. Fails with BudgetExceeded before anything is computed.
 */
export async function charged<T extends Made>(
  scope: Scope,
  params: { stage: DpStageInput; run: () => Promise<T>; counted: 'finetune' | 'select' | 'classify' },
): Promise<T> {
  const { stage, run, counted } = params;
  const { ledger, epsilon } = scope.config.privacy;
  if (epsilon === 'none') return run();
  // Runs of version 0.1.0 that are under way knew no policy.
  if (!patched('policy-of-the-store') && ledger === undefined) return run();
  for (let quotes = 1; quotes <= MOST_QUOTES; quotes++) {
    const { charge, made } = await quote(scope, stage);
    if (made !== undefined) return scope.tracker.count(counted, Promise.resolve(made as T));
    if (charge === null) return run();
    const result = await onReservation(scope, charge, run);
    if (result !== undefined) return result;
  }
  throw new DpsynthError({
    type: ErrorType.Unexpected,
    message: 'Other runs made the same result again and again while it was paid for. Start the run again.',
  });
}

/** `made` is a result that version 0.1.0 took as paid for. */
async function quote(scope: Scope, stage: DpStageInput): Promise<Quoted & { made?: Made }> {
  const quoted = (await control.quoteBudget.executeWithOptions(
    named(`quoteBudget-${stage.stage}`, 'what it costs'),
    [stage],
  )) as Quoted | EarlierQuote;
  if (!('paid' in quoted)) return quoted;
  if (quoted.paid) return { charge: null, made: quoted.made };
  const { id: _, ...limits } = scope.config.privacy.ledger!;
  return { charge: { ledger: quoted.ledger, reservation: quoted.reservation, limits } };
}

/** The result on this reservation; undefined if what came is another release, which must be paid for itself. */
async function onReservation<T extends Made>(
  scope: Scope,
  charge: ReserveBudgetInput,
  run: () => Promise<T>,
): Promise<T | undefined> {
  const { ledger, reservation } = charge;
  const settle = (outcome: SettleBudgetInput['outcome']) =>
    CancellationScope.nonCancellable(() =>
      control.settleBudget.executeWithOptions(
        named(
          `settleBudget-${reservation.stage}`,
          `${outcome === 'commit' ? 'charge' : 'refund'} in ${ledger}`,
        ),
        [{ ledger, id: reservation.id, outcome }],
      ),
    );
  let result: T;
  try {
    await reserve(scope, charge);
    result = await run();
  } catch (error) {
    // Of a child that no longer answered nobody knows what it has shown.
    const isUnknown = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
    await settle(isUnknown ? 'commit' : 'release').catch((failure) =>
      log.warn('The reservation could not be settled: it stays, and counts', { ledger, failure }),
    );
    throw error;
  }
  const isPaid = isOf(result, reservation.id);
  await settle(isPaid ? 'commit' : 'release');
  return isPaid ? result : undefined;
}

/** Results of version 0.1.0 had no name: one that was not cached was that of the reservation. */
function isOf({ release, cachedFrom }: Made, reservation: string): boolean {
  return release === undefined ? cachedFrom === undefined : release === reservation;
}

/** Returns once the budget is held and, if the ledger asks for it, a person has approved. */
async function reserve({ tracker }: Scope, request: ReserveBudgetInput): Promise<void> {
  const { ledger, reservation } = request;
  const ask = () =>
    control.reserveBudget.executeWithOptions(named(`reserveBudget-${reservation.stage}`, `in ${ledger}`), [
      request,
    ]);
  let isApproved = false;
  setHandler(budgetApproved, (id) => {
    isApproved ||= id === reservation.id;
  });
  let { status } = await ask();
  if (status !== 'waiting') return;
  tracker.show({
    waitingFor: `approval of ${reservation.stage}: dpsynth ledger approve ${ledger} ${reservation.id}`,
  });
  while (status === 'waiting') {
    await condition(() => isApproved, ASK_AGAIN);
    isApproved = false;
    status = (await ask()).status;
  }
  tracker.show({ waitingFor: null });
}
