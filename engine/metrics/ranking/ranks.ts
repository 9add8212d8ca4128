/** Returns the rank of each score, 1 for the largest. Ties share the mean of their ranks. */
export function averageRanks(scores: readonly number[]): number[] {
  return scores.map((own) => {
    let larger = 0;
    let equal = 0;
    for (const other of scores) {
      if (other > own) larger += 1;
      else if (other === own) equal += 1;
    }
    return larger + (equal + 1) / 2;
  });
}

/** Returns the rank of each score, 1 for the largest. Ties share the first of their ranks. */
export function competitionRanks(scores: readonly number[]): number[] {
  return scores.map((own) => 1 + scores.filter((other) => other > own).length);
}

/** Throws RangeError if two scorings are not of the same number of items. */
export function assertSameItems(a: readonly number[], b: readonly number[]): void {
  if (a.length !== b.length)
    throw new RangeError(
      `The rankings have ${a.length} and ${b.length} scores, so they are not of the same items.`,
    );
}
