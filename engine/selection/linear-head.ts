import type { UnitRecords } from './unit-records.ts';

/** A softmax classifier over unit vectors with a constant 1 appended, whose weight is the bias. */
export interface LinearHead {
  readonly classes: number;
  readonly width: number;
  /** [classes, width + 1] */
  readonly weights: Float64Array;
}

export function zeroHead({ classes, width }: { classes: number; width: number }): LinearHead {
  return { classes, width, weights: new Float64Array(classes * (width + 1)) };
}

/** The head with something added to the bias of each class. */
export function withBias(head: LinearHead, added: ArrayLike<number>): LinearHead {
  const weights = Float64Array.from(head.weights);
  for (let k = 0; k < head.classes; k += 1) weights[k * (head.width + 1) + head.width] += added[k];
  return { ...head, weights };
}

/** Writes the class probabilities of one record to `into` [classes]. */
export function classProbabilities(
  head: LinearHead,
  { vectors }: Pick<UnitRecords, 'vectors'>,
  { record, into }: { record: number; into: Float64Array },
): void {
  const { classes, width, weights } = head;
  const row = record * width;
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k += 1) {
    const own = k * (width + 1);
    let logit = weights[own + width];
    for (let j = 0; j < width; j += 1) logit += weights[own + j] * vectors[row + j];
    into[k] = logit;
    highest = Math.max(highest, logit);
  }
  let total = 0;
  for (let k = 0; k < classes; k += 1) {
    into[k] = Math.exp(into[k] - highest);
    total += into[k];
  }
  for (let k = 0; k < classes; k += 1) into[k] /= total;
}

/** Class probabilities of all records, [count, classes]. */
export function headProbabilities(head: LinearHead, records: UnitRecords): Float64Array {
  const probabilities = new Float64Array(records.count * head.classes);
  for (let record = 0; record < records.count; record += 1) {
    const into = probabilities.subarray(record * head.classes, (record + 1) * head.classes);
    classProbabilities(head, records, { record, into });
  }
  return probabilities;
}

/**
 * A function that writes the descent direction of one record's cross-entropy, (one-hot - probabilities) times its vector with the constant,
 * to one array [classes, width + 1] that it returns each time. It looks at that record and the head alone.
 */
export function recordDescent(head: LinearHead, records: UnitRecords): (record: number) => Float64Array {
  const { classes, width } = head;
  const probabilities = new Float64Array(classes);
  const direction = new Float64Array(classes * (width + 1));
  return (record) => {
    classProbabilities(head, records, { record, into: probabilities });
    const row = record * width;
    for (let k = 0; k < classes; k += 1) {
      const error = (k === records.labels[record] ? 1 : 0) - probabilities[k];
      const own = k * (width + 1);
      for (let j = 0; j < width; j += 1) direction[own + j] = error * records.vectors[row + j];
      direction[own + width] = error;
    }
    return direction;
  };
}
