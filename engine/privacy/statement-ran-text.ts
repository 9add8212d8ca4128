import { formatEpsilon } from './format-epsilon.ts';
import type { Ran } from './statement-ran.ts';

type Facts = readonly (readonly [string, string])[];

/**
 * Returns the paragraphs on what ran, for the statement of a private run. That of a plan says that
 * nothing has run.
 */
export function ranParagraphs(ran: Ran | null): string[] {
  if (ran === null) return ['This statement is about a plan: nothing has run yet.'];
  const { codeVersion, adapterDigest, stepsDone, generator, accountant, chosenFrom, ledger } = ran;
  const paragraphs = [
    `What ran. dpsynth ${codeVersion} ` +
      `${stepsDone === null ? 'selected texts of the base model' : `took ${stepsDone} steps and released the adapter with SHA-256 ${adapterDigest}`}.` +
      `${cachedText(ran)} Draws and noise come from ${generator}.${precisionText(ran)} ` +
      `Epsilon was computed by ${accountant.name}, and checked by ${accountant.check}.`,
  ];
  if (chosenFrom !== null) {
    paragraphs.push(
      `Choice. This training was chosen among ${chosenFrom.trainings} trainings of sweep ` +
        `${chosenFrom.sweep} over the same records. The choice may depend on all of them, so their ` +
        `composed loss counts: epsilon ${formatEpsilon(chosenFrom.epsilon)} at delta ` +
        `${chosenFrom.delta.toPrecision(3)}.` +
        withoutPrivacyText(chosenFrom),
    );
  }
  paragraphs.push(
    ledger === null
      ? 'No ledger. The loss of this run is not added to that of other runs over the same records, and ' +
          'no limit holds for all of them.'
      : `Ledger ${ledger.id}. After this run, everything charged to it composes to epsilon ` +
          `${formatEpsilon(ledger.chargedAfter)} at delta ${ledger.delta.toPrecision(3)}. Its limit is ` +
          `epsilon ${ledger.limits.epsilon}.`,
  );
  return paragraphs;
}

function cachedText({ cachedFrom }: Ran): string {
  return cachedFrom === null ? '' : ` It was trained by run ${cachedFrom}, and is taken over unchanged.`;
}

function precisionText({ precision }: Ran): string {
  return precision === null ? '' : ` Products with frozen matrices were computed in ${precision}.`;
}

function withoutPrivacyText({ withoutPrivacy }: NonNullable<Ran['chosenFrom']>): string {
  return withoutPrivacy === 0
    ? ''
    : ` ${withoutPrivacy} more of its runs had no privacy: a choice that depends on their scores has no ` +
        'bound.';
}

/** Returns the facts on all trainings among which this one was chosen; none if it was not chosen. */
export function chosenFacts(ran: Ran | null): Facts {
  const chosen = ran?.chosenFrom ?? null;
  if (chosen === null) return [];
  return [
    ['chosen among', `${chosen.trainings} trainings of sweep ${chosen.sweep}`],
    ['epsilon of all of them', `${formatEpsilon(chosen.epsilon)} at delta ${chosen.delta.toPrecision(3)}`],
  ];
}

export function ranFacts(ran: Ran | null): Facts {
  if (ran === null) return [];
  const { ledger } = ran;
  return [
    ...originFacts(ran),
    ['random generator', ran.generator],
    ['epsilon computed by', ran.accountant.name],
    ['epsilon checked by', ran.accountant.check],
    ['ledger', ledger === null ? 'none' : ledger.id],
    ...(ledger === null
      ? []
      : ([
          ['ledger limit', `epsilon ${ledger.limits.epsilon}, delta ${ledger.limits.delta.toPrecision(3)}`],
          [
            'charged after this run',
            `epsilon ${formatEpsilon(ledger.chargedAfter)} at delta ${ledger.delta.toPrecision(3)}`,
          ],
        ] as const)),
  ];
}

/** Returns the facts on where the adapter comes from, with or without privacy. */
export function originFacts(ran: Ran | null): Facts {
  if (ran === null) return [];
  return [
    ['code version', ran.codeVersion],
    ...(ran.adapterDigest === null ? [] : [['adapter SHA-256', ran.adapterDigest] as const]),
    ['steps done', `${ran.stepsDone ?? 0}`],
    ...(ran.precision === null ? [] : [['precision of frozen products', ran.precision] as const]),
    ['trained by', ran.cachedFrom === null ? 'this run' : `run ${ran.cachedFrom}`],
  ];
}
