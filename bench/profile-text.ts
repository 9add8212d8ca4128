/** Number of operations by shape that are shown. */
const SHOWN = 30;

/** Time spent in one TensorFlow operation on inputs of one shape. */
export type OpTime = { op: string; shapes: string; calls: number; milliseconds: number };

export type Profile = {
  /** Time of the whole work, including what is not TensorFlow. */
  milliseconds: number;
  ops: OpTime[];
};

/** Sums a list of times by operation, whatever the shapes; the longest first. */
export function byOp(times: readonly OpTime[]): OpTime[] {
  const sums = new Map<string, OpTime>();
  for (const { op, calls, milliseconds } of times) {
    const sum = sums.get(op) ?? { op, shapes: '', calls: 0, milliseconds: 0 };
    sums.set(op, { ...sum, calls: sum.calls + calls, milliseconds: sum.milliseconds + milliseconds });
  }
  return [...sums.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Returns the profile as readable text: by operation, then by operation and shape. */
export function profileText({ milliseconds, ops }: Profile): string {
  const line = (time: number, calls: string, name: string) =>
    `${time.toFixed(1).padStart(9)} ms ${((100 * time) / milliseconds).toFixed(1).padStart(5)}% ` +
    `${calls.padStart(7)}  ${name}`;
  const row = ({ op, shapes, calls, milliseconds: time }: OpTime) =>
    line(time, `${Math.round(calls)}x`, `${op} ${shapes}`.trimEnd());
  const inside = ops.reduce((sum, op) => sum + op.milliseconds, 0);
  return [
    line(milliseconds, '', 'in all'),
    line(milliseconds - inside, '', 'outside TensorFlow'),
    ...byOp(ops).map(row),
    '',
    ...ops.slice(0, SHOWN).map(row),
  ].join('\n');
}
