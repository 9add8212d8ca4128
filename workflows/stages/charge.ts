import {
  ActivityFailure,
  CancellationScope,
  condition,
  log,
  setHandler,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { DpStageInput, Quoted, ReserveBudgetInput, SettleBudgetInput } from '../../schemas/budget.ts';
import type { Classified, Finetuned } from '../../schemas/jobs.ts';
import { control } from '../activity-proxies.ts';
import { budgetApproved } from '../ledger-messages.ts';
import { named, type Scope } from './scope.ts';

/** A signal that is lost costs this much time at most. */
const ASK_AGAIN = '15 minutes';

/**
 * Runs a DP stage on the budget of the corpus, where the experiment names a ledger: reserved before, charged after, given
 * back where it failed and nothing was observed. A result that is there already is taken as it is, and costs nothing.
 * Fails with BudgetExceeded before anything is computed.
 */
export async function charged<T extends Finetuned | Classified>(
  scope: Scope,
  params: { stage: DpStageInput; run: () => Promise<T>; counted: 'finetune' | 'classify' },
): Promise<T> {
  const { stage, run, counted } = params;
  const { ledger: settings, epsilon } = scope.config.privacy;
  if (settings === undefined || epsilon === 'none') return run();
  const quoted: Quoted = await control.quoteBudget.executeWithOptions(
    named(`quoteBudget-${stage.stage}`, 'what it costs'),
    [stage],
  );
  if (quoted.paid) return scope.tracker.count(counted, Promise.resolve(quoted.made as T));
  const { ledger, reservation } = quoted;
  const { id: _, ...limits } = settings;
  const settle = (outcome: SettleBudgetInput['outcome']) =>
    CancellationScope.nonCancellable(() =>
      control.settleBudget.executeWithOptions(
        named(`settleBudget-${stage.stage}`, `${outcome} in ${ledger}`),
        [{ ledger, id: reservation.id, outcome }],
      ),
    );
  let result: T;
  try {
    await reserve(scope, { ledger, reservation, limits });
    result = await run();
  } catch (error) {
    // Of a child that no longer answered nobody knows what it has shown.
    const isUnknown = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
    await settle(isUnknown ? 'commit' : 'release').catch((failure) =>
      log.warn('The reservation could not be settled: it stays, and counts', { ledger, failure }),
    );
    throw error;
  }
  await settle(result.cachedFrom === undefined ? 'commit' : 'release');
  return result;
}

/** Returns once the budget is held and, where the ledger asks for it, a person has approved. */
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
