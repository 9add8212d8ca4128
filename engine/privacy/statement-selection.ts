import type { DpPlanData, MechanismPart } from '../../schemas/privacy.ts';
import type { DpSelectionPlanData, SelectionStatistic } from '../../schemas/selection-plan.ts';
import { RELEASED, RELEASED_TEXTS } from './statement-terms.ts';

type Facts = readonly (readonly [string, string])[];

/** What each statistic is, in the words of the statement. */
const STATISTICS: Record<SelectionStatistic, string> = {
  'class-counts': 'the number of records of each label',
  'head-gradient': 'the summed gradient of a linear classifier over sentence embeddings',
  'class-sums': 'the summed sentence embeddings of each label',
  'neighbour-votes': 'the votes of each record for the synthetic texts nearest to it',
};

/** Whether a run fine-tunes: without a selection it always does. */
export function isTrained(selection: DpSelectionPlanData | null): boolean {
  return selection === null || selection.otherParts.length > 0;
}

/** Returns the further mechanisms of a plan. A selection has a paragraph of its own. */
export function otherPartsOf(
  plan: DpPlanData,
  selection: DpSelectionPlanData | null,
): readonly MechanismPart[] {
  return selection === null ? plan.otherParts : [];
}

/** Says what a run with this selection releases. */
export function releasedText(selection: DpSelectionPlanData | null): string {
  if (selection === null) return RELEASED;
  return isTrained(selection) ? `the trained adapter, ${RELEASED_TEXTS}` : RELEASED_TEXTS;
}

/** Names the mechanism of a selection in the one line of a statement. */
export function selectionPhrase({ noiseMultiplier }: DpSelectionPlanData): string {
  return `statistics that select texts, with Gaussian noise of noise multiplier ${noiseMultiplier.toPrecision(4)}`;
}

/** Returns the paragraph on what a selection learned from the records. */
export function selectionParagraph({ statistics, noiseMultiplier, records }: DpSelectionPlanData): string {
  const released = statistics.map(
    ({ name, releases, noiseMultiplier: noise }) =>
      `${STATISTICS[name]} (${releases === 1 ? 'once' : `${releases} times`}, noise of standard deviation ${noise.toPrecision(4)})`,
  );
  return (
    'Selection. Statistics over the records decide which synthetic texts are released, and with which labels: ' +
    `${released.join('; ')}. Each record adds a vector of l2 norm at most 1 to each sum over all ${records} records. ` +
    `Together they are one Gaussian mechanism of noise multiplier ${noiseMultiplier.toPrecision(4)} without sampling, ` +
    'and the stated epsilon includes it.'
  );
}

export function selectionFacts({ statistics, noiseMultiplier }: DpSelectionPlanData): Facts {
  return [
    ['noise multiplier of the selection', noiseMultiplier.toPrecision(6)],
    ...statistics.map(
      ({ name, releases, noiseMultiplier: noise }) =>
        [
          `selection: ${name}`,
          `${releases === 1 ? '1 release' : `${releases} releases`}, noise ${noise.toPrecision(6)}`,
        ] as const,
    ),
  ];
}
