import type { SweepCost } from './sweep-state.ts';

/**
 * Describes the privacy cost of a sweep for the UI and the terminal, with one line for before and
 * one for after.
 */
export function describeCost({ before, after }: SweepCost): string[] {
  const lines = [
    `Privacy before: at most epsilon ${short(before.epsilon)}, the sum over ${count(before.trainings, 'training')}${unprotected(before.withoutPrivacy)}`,
  ];
  if (after === null) return lines;
  const { trainings, cached, epsilon, delta, withoutPrivacy } = after;
  const total =
    epsilon === null
      ? 'an epsilon that could not be computed'
      : `epsilon ${short(epsilon)}${delta === null ? '' : ` at delta ${delta.toPrecision(2)}`}`;
  const fromCache = cached === 0 ? '' : `; ${count(cached, 'training')} from the cache at no cost`;
  return [
    ...lines,
    `Privacy after: ${total}, composed over ${count(trainings, 'training')}${fromCache}${unprotected(withoutPrivacy)}`,
  ];
}

function unprotected(variants: number): string {
  return variants === 0
    ? ''
    : `; and ${count(variants, 'training')} without privacy, which no epsilon covers`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
