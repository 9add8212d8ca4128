import { formatEpsilon } from './format-epsilon.ts';
import type { Ran } from './statement-ran.ts';

type Facts = readonly (readonly [string, string])[];

/** Paragraphs of the statement of a private run; none in the statement of a plan. */
export function ranParagraphs(ran: Ran | null): string[] {
  if (ran === null) return ['This is the statement of a plan: nothing has run yet.'];
  const { codeVersion, adapterDigest, stepsDone, generator, accountant, chosenFrom, ledger, cachedFrom } =
    ran;
  const paragraphs = [
    `What ran. dpsynth ${codeVersion} ${stepsDone === null ? 'selected texts of the base model' : `took ${stepsDone} steps and released the adapter with SHA-256 ${adapterDigest}`}` +
      `${cachedFrom === null ? '' : `; it was trained by run ${cachedFrom} and is taken over unchanged`}. Draws and noise: ${generator}.${precisionText(ran)} Epsilon: ` +
      `${accountant.name}; checked by ${accountant.check}.`,
  ];
  if (chosenFrom !== null) {
    paragraphs.push(
      `Choice. This training was chosen among ${chosenFrom.trainings} of sweep ${chosenFrom.sweep} over the same records. A choice may depend on ` +
        `all of them, so their composed loss counts: epsilon ${formatEpsilon(chosenFrom.epsilon)} at delta ${chosenFrom.delta.toPrecision(3)}.` +
        withoutPrivacyText(chosenFrom),
    );
  }
  paragraphs.push(
    ledger === null
      ? 'No ledger: nobody adds this run to others over the same records, and no limit holds over them.'
      : `Ledger ${ledger.id}. After this run, everything charged to it composes to epsilon ${formatEpsilon(ledger.chargedAfter)} at delta ` +
          `${ledger.delta.toPrecision(3)}; its limit is ${ledger.limits.epsilon}.`,
  );
  return paragraphs;
}

function precisionText({ precision }: Ran): string {
  return precision === null ? '' : ` Products with frozen matrices: ${precision}.`;
}

function withoutPrivacyText({ withoutPrivacy }: NonNullable<Ran['chosenFrom']>): string {
  return withoutPrivacy === 0
    ? ''
    : ` ${withoutPrivacy} more of its runs had no privacy: a choice that looks at their scores has no bound.`;
}

/** All trainings among which this one was chosen. */
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

/** Whence the adapter comes: with or without privacy. */
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
