import type { EncoderConfig } from './encoder-config.ts';
import type { Pooling } from './pooling.ts';

type Matrix = number[][];

/**
 * Returns the pooled vector of one text in float64, computed with plain loops. Tests compare the engine with
 * it, also by differences. `weight` returns a weight by its name in `encoderSpecs`, row by row.
 */
export function referencePooled(params: {
  config: EncoderConfig;
  weight: (name: string) => ArrayLike<number>;
  ids: readonly number[];
  pooling: Pooling;
}): number[] {
  const { config, weight, ids, pooling } = params;
  const table = (name: string, row: number) =>
    Array.from({ length: config.width }, (_, i) => weight(name)[row * config.width + i]);
  const normed = (rows: Matrix, name: string) =>
    rows.map((row) => normalise(row, config.normEpsilon, weight(`${name}.weight`), weight(`${name}.bias`)));
  const embedded = ids.map((id, t) => {
    const parts = [table('embedding', id), table('positions', t)];
    if (config.segments > 0) parts.push(table('segments', 0));
    return parts.reduce(plus);
  });
  let x = normed(embedded, 'embeddingNorm');
  for (let block = 0; block < config.blocks; block++) {
    const at = `blocks.${block}`;
    const map = (rows: Matrix, name: string) =>
      linear(rows, weight(`${at}.${name}.weight`), weight(`${at}.${name}.bias`));
    const mixed = attend(config, map(x, 'q'), map(x, 'k'), map(x, 'v'));
    const attended = map(mixed, 'o');
    const middle = normed(
      x.map((row, t) => plus(row, attended[t])),
      `${at}.attentionNorm`,
    );
    const inner = map(middle, 'up').map((row) => row.map((value) => activation(value, config)));
    const down = map(inner, 'down');
    x = normed(
      middle.map((row, t) => plus(row, down[t])),
      `${at}.feedForwardNorm`,
    );
  }
  return pooling === 'cls' ? x[0] : x.reduce(plus).map((sum) => sum / ids.length);
}

function attend(
  { heads, headWidth, attentionScale }: EncoderConfig,
  q: Matrix,
  k: Matrix,
  v: Matrix,
): Matrix {
  const out: Matrix = q.map(() => []);
  for (let head = 0; head < heads; head++) {
    const cut = (row: number[]) => row.slice(head * headWidth, (head + 1) * headWidth);
    q.forEach((query, t) => {
      const weights = softmax(k.map((key) => attentionScale * dot(cut(query), cut(key))));
      out[t].push(...v.map((value, s) => cut(value).map((number) => weights[s] * number)).reduce(plus));
    });
  }
  return out;
}

/** Returns the loss of the class `label` for logits, in nats. */
export function referenceLoss(logits: number[], label: number): number {
  return -Math.log(softmax(logits)[label]);
}

/** Returns x W + b for each row x, with W [inputs, outputs] row by row. */
export function linear(rows: Matrix, weight: ArrayLike<number>, bias: ArrayLike<number>): Matrix {
  const outputs = bias.length;
  return rows.map((row) =>
    Array.from({ length: outputs }, (_, j) =>
      row.reduce((sum, value, i) => sum + value * weight[i * outputs + j], bias[j]),
    ),
  );
}

function normalise(
  x: number[],
  epsilon: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): number[] {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const centred = x.map((value) => value - mean);
  const scale = 1 / Math.sqrt(dot(centred, centred) / x.length + epsilon);
  return centred.map((value, i) => value * scale * weight[i] + bias[i]);
}

function activation(x: number, { activation: kind }: EncoderConfig): number {
  if (kind === 'relu') return Math.max(x, 0);
  if (kind === 'gelu') return 0.5 * x * (1 + erf(x / Math.SQRT2));
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/** Returns the error function from its series without alternating signs. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function softmax(scores: number[]): number[] {
  const highest = Math.max(...scores);
  const exponents = scores.map((score) => Math.exp(score - highest));
  const total = exponents.reduce((a, b) => a + b, 0);
  return exponents.map((value) => value / total);
}

function plus(a: number[], b: number[]): number[] {
  return a.map((value, i) => value + b[i]);
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
