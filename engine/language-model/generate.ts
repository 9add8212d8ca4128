import { invalidConfig } from '../../schemas/errors.ts';
import { createDecoder, disposePrefix, type Prefix, runPrefix } from './decoder.ts';
import { promptLength } from './forward.ts';
import type { LanguageModel } from './language-model.ts';
import { drawToken, type TokenSampling } from './next-token.ts';
import { type LogitSettings, nextTokenProbabilities } from './next-token-probabilities.ts';

/** One text to generate: the prefix that it begins with, by its place, and its own source of randomness. */
export type GenerationRow = { prefix: number; uniform: () => number };

export type GenerationSettings = TokenSampling &
  LogitSettings & {
    maxTokens: number;
    /** Texts that run at a time. */
    batch: number;
  };

/** Below this share of texts still running, with none left to start, the rest moves together. */
const SPARSE = 0.75;

/**
 * Generates one continuation of its prefix for each row, several at a time; the next row starts as soon as one ends
 * (continuous batching), so that the batch stays full. A text depends on its prefix and its randomness alone, not on
 * what else runs. Returns token ids without prefix and stop token, in the order of the rows.
 *
 * @throws InvalidConfig where a model with learned positions has too few
 */
export async function generate(params: {
  model: LanguageModel;
  /** Rows of one prefix should stand together: it is run when its first row starts and kept until its last has. */
  prefixes: readonly (readonly number[])[];
  rows: readonly GenerationRow[];
  stop: number;
  settings: GenerationSettings;
  /** Called after every step with the texts finished and the tokens drawn so far. */
  onStep?: (done: { texts: number; tokens: number }) => void;
  signal?: AbortSignal;
}): Promise<number[][]> {
  const { model, rows, stop, settings, onStep, signal } = params;
  const { vocabulary } = model.config;
  assertPositions(params);
  const texts: number[][] = rows.map(() => []);
  const done = { texts: 0, tokens: 0 };
  const prefixes = prefixStore(params);
  /** The row in each slot; null once there is none left to start. */
  let slots: (number | null)[] = new Array(Math.min(settings.batch, rows.length)).fill(null);
  const decoder = createDecoder(model, slots.length);
  let next = 0;

  /** Draws a token of a row. False where that ends it. */
  function draw(row: number, probabilities: Float32Array): boolean {
    const id = drawToken(probabilities, settings, rows[row].uniform);
    if (id !== stop) {
      texts[row].push(id);
      done.tokens += 1;
      if (texts[row].length < settings.maxTokens) return true;
    }
    done.texts += 1;
    return false;
  }

  /** Gives a slot to the next row that does not end with its first token. */
  function fill(slot: number): void {
    slots[slot] = null;
    while (next < rows.length && slots[slot] === null) {
      const row = next++;
      prefixes.use(row, ({ prefix, first }) => {
        if (!draw(row, first)) return;
        decoder.start(slot, prefix);
        slots[slot] = row;
      });
    }
  }

  try {
    slots.forEach((_, slot) => {
      fill(slot);
    });
    onStep?.(done);
    while (slots.some((row) => row !== null)) {
      await new Promise((resume) => setImmediate(resume));
      signal?.throwIfAborted();
      const running = slots.flatMap((row, slot) => (row === null ? [] : [slot]));
      if (running.length <= SPARSE * slots.length) {
        decoder.keep(running);
        slots = running.map((slot) => slots[slot]);
      }
      const logits = decoder.step(slots.map((row) => (row === null ? -1 : texts[row].at(-1)!)));
      const own = slots.map((row) => (row === null ? [] : texts[row]));
      const probabilities = nextTokenProbabilities({ logits, texts: own, stop, settings });
      slots.forEach((row, slot) => {
        if (row === null) return;
        const goesOn = draw(row, probabilities.subarray(slot * vocabulary, (slot + 1) * vocabulary));
        if (!goesOn) fill(slot);
      });
      onStep?.(done);
    }
    return texts;
  } finally {
    prefixes.dispose();
    decoder.dispose();
  }
}

/** A prefix that has been run, with the distribution of the first token after it. */
type StartedPrefix = { prefix: Prefix; first: Float32Array };

/** The prefixes that rows begin with, each from its first row to its last. */
function prefixStore(params: {
  model: LanguageModel;
  prefixes: readonly (readonly number[])[];
  rows: readonly GenerationRow[];
  stop: number;
  settings: LogitSettings;
}) {
  const { model, prefixes, rows, stop, settings } = params;
  const lastRows = new Map(rows.map(({ prefix }, row) => [prefix, row]));
  const running = new Map<number, StartedPrefix>();

  function run(index: number): StartedPrefix {
    const { prefix, logits } = runPrefix(model, prefixes[index]);
    const entry: StartedPrefix = { prefix, first: new Float32Array() };
    // Before the next line, which may throw: `dispose` finds it then.
    running.set(index, entry);
    entry.first = nextTokenProbabilities({ logits, texts: [[]], stop, settings });
    return entry;
  }

  return {
    use(row: number, work: (entry: StartedPrefix) => void): void {
      const index = rows[row].prefix;
      const entry = running.get(index) ?? run(index);
      work(entry);
      if (lastRows.get(index) !== row) return;
      disposePrefix(entry.prefix);
      running.delete(index);
    },
    dispose: () => {
      for (const { prefix } of running.values()) disposePrefix(prefix);
    },
  };
}

function assertPositions(params: {
  model: LanguageModel;
  prefixes: readonly (readonly number[])[];
  settings: GenerationSettings;
}): void {
  const { model, prefixes, settings } = params;
  const { learnedPositions } = model.config;
  const longest = promptLength(model) + Math.max(...prefixes.map((prefix) => prefix.length));
  if (learnedPositions === null || longest + settings.maxTokens <= learnedPositions) return;
  throw invalidConfig(
    `sampling.maxTokens: the model has ${learnedPositions} positions and the longest prefix takes ${longest} of them, so at most ${learnedPositions - longest} tokens can follow.`,
  );
}
