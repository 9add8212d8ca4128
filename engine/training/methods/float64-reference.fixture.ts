import type { LoraSite } from '../../language-model/lora-layout.ts';
import type { ModelConfig } from '../../language-model/model-config.ts';
import { rotaryFrequencies } from '../../language-model/rotary.ts';
import { weightSpecs } from '../../language-model/weights.ts';
import type { EncodedRecord } from '../encode-records.ts';

type Matrix = number[][];

/** Additions to the base model: adapters on matrices of blocks, and a soft prompt before the input. */
export type ReferenceAdapter = {
  prompt?: Matrix;
  lora?: { site: LoraSite; a: Matrix; b: Matrix; scale: number }[];
};

/**
 * Returns the loss of one record in float64, the mean over its targets in nats. It uses plain loops and
 * nothing of the engine except the layout of the weights. Tests compare gradients with differences of this
 * loss.
 */
export function referenceLoss(params: {
  config: ModelConfig;
  values: Float64Array;
  record: EncodedRecord;
  adapter?: ReferenceAdapter;
}): number {
  const { config, values, record, adapter = {} } = params;
  const weight = openWeights(config, values);
  const embedding = matrix(weight('embedding')!, config.width);
  const output = config.tiedEmbeddings ? embedding : matrix(weight('output')!, config.width);
  const prompt = adapter.prompt ?? [];
  const tokens = record.ids.map((id) => embedding[id].map((value) => value * config.embeddingScale));
  let x: Matrix = [...prompt, ...tokens];
  const positions = weight('positions');
  if (positions) {
    const table = matrix(positions, config.width);
    x = x.map((row, t) => row.map((value, i) => value + table[t][i]));
  }
  for (let block = 0; block < config.blocks; block++) x = runBlock({ config, weight, adapter, block, x });
  x = x.map((row) => normalise(row, config, weight('finalNorm.weight')!, weight('finalNorm.bias')));
  let loss = 0;
  for (let place = record.prefixLength; place < record.ids.length; place++) {
    const hidden = x[prompt.length + place - 1];
    const logits = output.map((row) => dot(row, hidden));
    const highest = Math.max(...logits);
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
    loss += Math.log(total) + highest - logits[record.ids[place]];
  }
  return loss / (record.ids.length - record.prefixLength);
}

type Weight = (name: string) => number[] | null;

function openWeights(config: ModelConfig, values: Float64Array): Weight {
  const ranges = new Map<string, [number, number]>();
  let offset = 0;
  for (const { name, shape } of weightSpecs(config)) {
    const end = offset + shape.reduce((a, b) => a * b, 1);
    ranges.set(name, [offset, end]);
    offset = end;
  }
  return (name) => {
    const range = ranges.get(name);
    return range ? Array.from(values.subarray(...range)) : null;
  };
}

function runBlock(params: {
  config: ModelConfig;
  weight: Weight;
  adapter: ReferenceAdapter;
  block: number;
  x: Matrix;
}): Matrix {
  const { config, weight, adapter, block, x } = params;
  const own: Weight = (name) => weight(`blocks.${block}.${name}`);
  const norm = (rows: Matrix, name: string) => {
    const scale = own(`${name}.weight`);
    return scale === null ? rows : rows.map((row) => normalise(row, config, scale, own(`${name}.bias`)));
  };
  const map = (rows: Matrix, name: string): Matrix => {
    const flat = own(`${name}.weight`)!;
    const outputs = flat.length / rows[0].length;
    const product = multiply(rows, matrix(flat, outputs));
    const bias = own(`${name}.bias`);
    const site = adapter.lora?.find(({ site }) => site.block === block && site.matrix === name);
    const low = site ? multiply(multiply(rows, site.a), site.b) : null;
    return product.map((row, t) =>
      row.map((value, i) => value + (bias?.[i] ?? 0) + (low ? site!.scale * low[t][i] : 0)),
    );
  };
  const add = (a: Matrix, b: Matrix) => a.map((row, t) => row.map((value, i) => value + b[t][i]));

  const normed = norm(x, 'attentionNorm');
  const mixed = attend({
    config,
    block,
    q: map(normed, 'q'),
    k: map(normed, 'k'),
    v: map(normed, 'v'),
    queryNorm: own('queryNorm.weight'),
    keyNorm: own('keyNorm.weight'),
  });
  const middle = add(x, norm(map(mixed, 'o'), 'attentionPostNorm'));
  const inner = norm(middle, 'feedForwardNorm');
  const up = map(inner, 'up');
  const activated = config.gated
    ? map(inner, 'gate').map((row, t) => row.map((gate, i) => activate(gate, config) * up[t][i]))
    : up.map((row) => row.map((value) => activate(value, config)));
  return add(middle, norm(map(activated, 'down'), 'feedForwardPostNorm'));
}

function attend(params: {
  config: ModelConfig;
  block: number;
  q: Matrix;
  k: Matrix;
  v: Matrix;
  queryNorm: number[] | null;
  keyNorm: number[] | null;
}): Matrix {
  const { config, block, v } = params;
  const { heads, keyValueHeads, headWidth } = config;
  const { rotary, window } = config.attention[block];
  const frequencies = rotary ? rotaryFrequencies(rotary, headWidth) : null;
  const head = (rows: Matrix, index: number, norm: number[] | null) =>
    rows.map((row, t) => {
      const cut = row.slice(index * headWidth, (index + 1) * headWidth);
      const normed = norm ? normalise(cut, config, norm, null) : cut;
      return frequencies ? turn(normed, t, frequencies) : normed;
    });
  const out: Matrix = v.map(() => []);
  for (let index = 0; index < heads; index++) {
    const shared = Math.floor((index * keyValueHeads) / heads);
    const queries = head(params.q, index, params.queryNorm);
    const keys = head(params.k, shared, params.keyNorm);
    queries.forEach((query, t) => {
      const first = window === null ? 0 : Math.max(0, t - window + 1);
      const scores = keys.slice(first, t + 1).map((key) => config.attentionScale * dot(query, key));
      const highest = Math.max(...scores);
      const exponents = scores.map((score) => Math.exp(score - highest));
      const total = exponents.reduce((a, b) => a + b, 0);
      for (let i = 0; i < headWidth; i++)
        out[t].push(
          exponents.reduce((sum, e, s) => sum + (e / total) * v[first + s][shared * headWidth + i], 0),
        );
    });
  }
  return out;
}

function turn(x: number[], position: number, frequencies: number[]): number[] {
  const half = frequencies.length;
  const at = (i: number) => position * frequencies[i % half];
  return x.map((value, i) =>
    i < half
      ? value * Math.cos(at(i)) - x[i + half] * Math.sin(at(i))
      : value * Math.cos(at(i)) + x[i - half] * Math.sin(at(i)),
  );
}

function normalise(x: number[], config: ModelConfig, weight: number[], bias: number[] | null): number[] {
  const mean = config.norm === 'layer' ? x.reduce((a, b) => a + b, 0) / x.length : 0;
  const centred = x.map((value) => value - mean);
  const scale = 1 / Math.sqrt(dot(centred, centred) / x.length + config.normEpsilon);
  return centred.map((value, i) => value * scale * weight[i] + (bias?.[i] ?? 0));
}

function activate(x: number, { activation }: ModelConfig): number {
  if (activation === 'silu') return x / (1 + Math.exp(-x));
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function matrix(flat: ArrayLike<number>, columns: number): Matrix {
  return Array.from({ length: flat.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, column) => flat[row * columns + column]),
  );
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)),
  );
}
