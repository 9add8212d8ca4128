import { seededRandom } from '../data/seeded-random.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import { hubConfig } from './export/hub-config.ts';
import type { ModelConfig } from './model-config.ts';
import type { TextTokenizer } from './tokenizer.ts';
import { weightSpecs } from './weights.ts';

export const TINY_CONFIG: ModelConfig = {
  family: 'llama',
  vocabulary: 40,
  width: 16,
  hidden: 24,
  blocks: 3,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 4,
  norm: 'rms',
  normEpsilon: 1e-5,
  activation: 'silu',
  gated: true,
  biases: [],
  queryKeyNorm: false,
  postNorms: false,
  attentionScale: 0.5,
  embeddingScale: 1,
  learnedPositions: null,
  attention: Array.from({ length: 3 }, () => ({ rotary: { base: 10_000, scaling: null }, window: null })),
  tiedEmbeddings: true,
};

/** Has every feature that the tiny llama lacks, so that one of the two runs each part of the engine. */
export const TINY_OTHER_CONFIG: ModelConfig = {
  ...TINY_CONFIG,
  norm: 'layer',
  activation: 'gelu-tanh',
  gated: false,
  biases: ['q', 'k', 'v', 'o', 'up', 'down'],
  queryKeyNorm: true,
  postNorms: true,
  attentionScale: 0.4,
  embeddingScale: 2,
  learnedPositions: 64,
  attention: [
    { rotary: { base: 10_000, scaling: { kind: 'linear', factor: 2 } }, window: 3 },
    { rotary: { base: 100, scaling: null }, window: null },
    { rotary: null, window: null },
  ],
  tiedEmbeddings: false,
};

/** One character is one token; 39 ends a text and a turn. */
const tinyTokenizer: TextTokenizer = {
  vocabulary: TINY_CONFIG.vocabulary,
  encode: (text) => Array.from(text, (character) => character.codePointAt(0)! % 38),
  encodeTemplate: (text) => Array.from(text, (character) => character.codePointAt(0)! % 38),
  decode: (ids) => ids.map((id) => String.fromCodePoint(97 + (id % 26))).join(''),
  beginning: [],
  endOfText: 39,
  chat: { render: ({ request }) => request, endOfTurn: 39 },
};

/**
 * Returns a model with random weights and every part of a real one, small enough to check number by number in
 * tests.
 */
export function tinyCheckpoint(seed = 1, config = TINY_CONFIG): CheckpointSource {
  const shapes = new Map(weightSpecs(config).map(({ name, shape }) => [name, shape]));
  return {
    config,
    tokenizer: tinyTokenizer,
    locate: (weight) => ({ tensor: weight }),
    hubFiles: async () => ({ 'config.json': JSON.stringify(hubConfig(config)) }),
    async read(name) {
      const shape = shapes.get(name)!;
      // The seed includes the name, so the order of reading does not matter.
      const random = seededRandom(
        seed * 1000 + Array.from(name).reduce((sum, c, i) => sum + i * c.charCodeAt(0), 0),
      );
      const count = shape.reduce((product, size) => product * size, 1);
      const isNorm = /Norm\.weight$/.test(name);
      const values = Float32Array.from({ length: count }, () => (isNorm ? 1 : 0) + (random() - 0.5) * 0.8);
      return { shape, values };
    },
  };
}
