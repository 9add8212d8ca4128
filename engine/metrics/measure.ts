/** A number, or why there is none: a table shows the reason and never NaN. */
export type Measure = { value: number } | { value: null; because: string };

export function notDefined(because: string): Measure {
  return { value: null, because };
}
