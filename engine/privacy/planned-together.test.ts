import { expect, it } from 'vitest';
import { planTrainingAndSelection } from './composed-plan.ts';
import { planMechanism, planWithoutPrivacy, reopenPlan } from './mechanism-plan.ts';
import { assertPlannedTogether } from './planned-together.ts';
import { planSelection, planSelectionWithoutPrivacy, reopenSelectionPlan } from './selection-plan.ts';

const statistics = [{ name: 'class-sums', weight: 1, releases: 1 }] as const;
const own = { expectedBatchSize: 100, steps: 5, clippingNorm: 1 };
const params = { records: 1000, epsilon: 2, training: own, statistics };
const { training, selection } = planTrainingAndSelection(params);
const refused = expect.objectContaining({ type: 'InvalidConfig' });

it('accepts plans that were made as one, from JSON as well, and a selection without training', () => {
  assertPlannedTogether(training, selection);
  const [first, second] = [training, selection].map((plan) => JSON.parse(JSON.stringify(plan)));
  assertPlannedTogether(reopenPlan(first), reopenSelectionPlan(second));
  assertPlannedTogether(null, planTrainingAndSelection({ ...params, training: null }).selection);
});

it('accepts both without privacy', () => {
  const plain = planSelectionWithoutPrivacy({ records: 1000, statistics });
  assertPlannedTogether(planWithoutPrivacy({ ...own, records: 1000 }), plain);
  assertPlannedTogether(null, plain);
});

it('refuses plans of which each leaves the other out', () => {
  const alone = planMechanism({ ...own, records: 1000, target: { epsilon: 2 } });
  const selectionAlone = planSelection({ records: 1000, statistics, target: { epsilon: 2 } });
  const plain = planSelectionWithoutPrivacy({ records: 1000, statistics });
  for (const [one, other] of [
    [alone, selectionAlone],
    [alone, selection],
    [training, selectionAlone],
    [null, selection],
    [training, plain],
    [planWithoutPrivacy({ ...own, records: 1000 }), selectionAlone],
    [planTrainingAndSelection({ ...params, epsilon: 1 }).training, selection],
    [planTrainingAndSelection({ ...params, delta: 1e-6 }).training, selection],
    [planTrainingAndSelection({ ...params, records: 1001 }).training, selection],
  ] as const)
    expect(() => assertPlannedTogether(one, other)).toThrow(refused);
});
