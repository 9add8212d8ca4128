import { invalidConfig } from '../../schemas/errors.ts';
import { createDecoder, disposePrefix, type Prefix, runPrefix } from './decoder.ts';
import { promptLength } from './forward.ts';
import type { LanguageModel } from './language-model.ts';
import { drawToken, type TokenSampling } from './next-token.ts';
import { type LogitSettings, nextTokenProbabilities } from './next-token-probabilities.ts';

/** One text to generate: the index of its prefix, and its own source of randomness. */
export type GenerationRow = { prefix: number; uniform: () => number };

export type GenerationSettings = TokenSampling &
  LogitSettings & {
    maxTokens: number;
    /** Number of texts generated at a time. */
    batch: number;
  };

/** If no texts are left to start and the share still running falls below this, the slots are compacted. */
const SPARSE = 0.75;

/**
 * Generates one continuation of its prefix for each row, several at a time. The next row starts as soon as
 * one ends (continuous batching), so the batch stays full. A text depends only on its prefix and its
 * randomness, not on the other texts. Returns token ids without prefix and stop token, in the order of the
 * rows.
 *
 * @throws InvalidConfig if a model has too few learned positions
 */
export async function generate(params: {
  model: LanguageModel;
  /**
   * Rows with the same prefix should be adjacent: a prefix runs when its first row starts and is kept until
   * its last row starts.
   */
  prefixes: readonly (readonly number[])[];
  rows: readonly GenerationRow[];
  stop: number;
  settings: GenerationSettings;
  /** Called after every step with the numbers of finished texts and drawn tokens so far. */
  onStep?: (done: { texts: number; tokens: number }) => void;
  signal?: AbortSignal;
}): Promise<number[][]> {
  const { model, rows, stop, settings, onStep, signal } = params;
  const { vocabulary } = model.config;
  assertPositions(params);
  const texts: number[][] = rows.map(() => []);
  const done = { texts: 0, tokens: 0 };
  const prefixes = prefixStore(params);
  /** The row in each slot; null if none is left to start. */
  let slots: (number | null)[] = new Array(Math.min(settings.batch, rows.length)).fill(null);
  const decoder = createDecoder(model, slots.length);
  let next = 0;

  /** Draws a token of a row. Returns false if that ends the row. */
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

  /** Assigns a slot to the next row that does not end with its first token. */
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

/** A prefix that has run, with the distribution of the first token after it. */
type StartedPrefix = { prefix: Prefix; first: Float32Array };

/** Keeps each prefix from its first row to its last. */
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
    // Stored before the next line, which may throw, so that `dispose` frees it.
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
