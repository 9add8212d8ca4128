import type { Measure } from '../../schemas/measure.ts';

export type { Measure };

export function notDefined(because: string): Measure {
  return { value: null, because };
}

/** The measure, or that its number is none that a table can show. */
export function finiteMeasure(measure: Measure): Measure {
  return measure.value === null || Number.isFinite(measure.value)
    ? measure
    : notDefined('the number is not finite');
}
