import type { Measure } from '../../schemas/measure.ts';

export type { Measure };

export function notDefined(because: string): Measure {
  return { value: null, because };
}

/** Returns the measure, or an undefined one if its number is not finite. */
export function finiteMeasure(measure: Measure): Measure {
  return measure.value === null || Number.isFinite(measure.value)
    ? measure
    : notDefined('the number is not finite');
}
