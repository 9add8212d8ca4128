import { seededRandom } from '../data/seeded-random.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import { type ModelConfig, matrixShape } from './model-config.ts';
import type { TextTokenizer } from './tokenizer.ts';

export const TINY_CONFIG: ModelConfig = {
  architecture: 'llama',
  vocabulary: 40,
  width: 16,
  hidden: 24,
  blocks: 3,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 4,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
  tiedEmbeddings: true,
};

/** One character is one token; 38 starts a turn and 39 ends it. */
const tinyTokenizer: TextTokenizer = {
  vocabulary: TINY_CONFIG.vocabulary,
  encode: (text) => Array.from(text, (character) => character.codePointAt(0)! % 38),
  encodeTemplate: (text) => Array.from(text, (character) => character.codePointAt(0)! % 38),
  decode: (ids) => ids.map((id) => String.fromCodePoint(97 + (id % 26))).join(''),
  special: (token) => (token === '<|im_start|>' ? 38 : 39),
};

/** A model of random weights with every part of a real one, small enough to check number by number in tests. */
export function tinyCheckpoint(seed = 1): CheckpointSource {
  const config = TINY_CONFIG;
  return {
    config,
    tokenizer: tinyTokenizer,
    async read(name) {
      const shape = shapeOf(name);
      // The name goes into the seed: the order of reading does not matter.
      const random = seededRandom(
        seed * 1000 + Array.from(name).reduce((sum, c, i) => sum + i * c.charCodeAt(0), 0),
      );
      const count = shape.reduce((product, size) => product * size, 1);
      const isNorm = shape.length === 1;
      const values = Float32Array.from({ length: count }, () => (isNorm ? 1 : 0) + (random() - 0.5) * 0.8);
      return { shape, values };
    },
  };

  function shapeOf(name: string): number[] {
    if (name === 'model.embed_tokens.weight') return [config.vocabulary, config.width];
    if (name.endsWith('norm.weight')) return [config.width];
    const matrix = /\.(q|k|v|o|gate|up|down)_proj\.weight$/.exec(name)![1] as 'q';
    const { inputs, outputs } = matrixShape(config, matrix);
    return [outputs, inputs];
  }
}
