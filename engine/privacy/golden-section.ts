/**
 * Returns the argument in [low, high] (log scale, both positive) at which a function with one
 * valley is smallest.
 */
export function minimiseLogScale(
  objective: (argument: number) => number,
  { low, high, iterations = 26 }: { low: number; high: number; iterations?: number },
): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [Math.log(low), Math.log(high)];
  let [left, right] = [to - golden * (to - from), from + golden * (to - from)];
  let [atLeft, atRight] = [objective(Math.exp(left)), objective(Math.exp(right))];
  for (let k = 0; k < iterations; k++) {
    if (atLeft <= atRight) {
      [to, right, atRight] = [right, left, atLeft];
      left = to - golden * (to - from);
      atLeft = objective(Math.exp(left));
    } else {
      [from, left, atLeft] = [left, right, atRight];
      right = from + golden * (to - from);
      atRight = objective(Math.exp(right));
    }
  }
  return Math.exp(atLeft <= atRight ? left : right);
}
