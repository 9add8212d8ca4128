import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readWikiTopics } from '../engine/data/catalog/wiki-topics.ts';
import { writeNpy } from '../engine/data/npy.ts';
import { embedTexts } from '../engine/encoder/embed-texts.ts';
import { loadEncoder } from '../engine/encoder/encoder.ts';
import { openEncoder } from '../engine/encoder/open-encoder.ts';
import { formatBytes } from '../engine/report/format.ts';
import { withWorkFolder } from '../storage/assets/bootstrap/cache-folder.mjs';
import { locateAsset } from '../storage/assets/locate-asset.ts';
import { assertAgree, largestRelativeError } from './agreement.ts';
import { median } from './median.ts';
import { MAUVE_TEXT, peerPython } from './peer-environment.ts';
import { openSides } from './run-side.ts';

/** The default of mauve-text. */
const SEED = 25;
/** Both find the same clusters, except for ties that rounding decides. */
const LIMIT = 0.02;

const sideResult = z.object({
  mauve: z.number(),
  frontierIntegral: z.number(),
  seconds: z.number(),
  peakRssBytes: z.number(),
});

/** Input of each side: .npy files of the embeddings. */
export type MauveTask = { p: string; q: string; seed: number };

export type MauveOptions = { rounds: number; texts: number };

/** Medians over the rounds, in texts/s of both sides together, and the scores of the last. */
export type MauveBench = {
  ours: number;
  peer: number;
  ratio: number;
  peakRssBytes: number;
  peerPeakRssBytes: number;
  unit: 'texts/s';
  scores: { ours: number; peer: number };
  rounds: { ours: number; peer: number }[];
};

/**
 * Measures MAUVE of `texts` + `texts` MiniLM embeddings of encyclopedia paragraphs, ours and mauve-text in
 * alternation, from features in memory to the score. Throws an Error if the two scores differ.
 */
export async function benchMauve(options: MauveOptions): Promise<MauveBench> {
  const progress = (what: string) => console.error(what);
  const python = await peerPython(progress, MAUVE_TEXT);
  return withWorkFolder(async (folder) => {
    const sides = openSides({ python, folder, threads: availableParallelism() });
    const task: MauveTask = { ...(await embeddedCorpus(folder, options.texts, progress)), seed: SEED };
    const rounds: { ours: z.infer<typeof sideResult>; peer: z.infer<typeof sideResult> }[] = [];
    for (let round = 1; round <= options.rounds; round++) {
      const ours = await sides.ours('mauve', task, sideResult);
      const peer = await sides.peer('mauve_text', task, sideResult);
      assertAgree('MAUVE', largestRelativeError([ours.mauve], [peer.mauve]), LIMIT);
      rounds.push({ ours, peer });
      progress(
        `round ${round} of ${options.rounds}: ours ${ours.seconds.toFixed(2)} s, peer ` +
          `${peer.seconds.toFixed(2)} s`,
      );
    }
    return summary(rounds, 2 * options.texts);
  });
}

function summary(
  rounds: { ours: z.infer<typeof sideResult>; peer: z.infer<typeof sideResult> }[],
  texts: number,
): MauveBench {
  const rates = rounds.map(({ ours, peer }) => ({ ours: texts / ours.seconds, peer: texts / peer.seconds }));
  const ours = median(rates.map((rate) => rate.ours));
  const peer = median(rates.map((rate) => rate.peer));
  const last = rounds[rounds.length - 1];
  return {
    ours,
    peer,
    ratio: ours / peer,
    peakRssBytes: Math.max(...rounds.map((round) => round.ours.peakRssBytes)),
    peerPeakRssBytes: Math.max(...rounds.map((round) => round.peer.peakRssBytes)),
    unit: 'texts/s',
    scores: { ours: last.ours.mauve, peer: last.peer.mauve },
    rounds: rates,
  };
}

/** Returns the first texts of the corpus, assigned to both sides in turn: two samples of one distribution. */
async function embeddedCorpus(
  folder: string,
  texts: number,
  progress: (what: string) => void,
): Promise<{ p: string; q: string }> {
  const { path } = await locateAsset({ asset: 'wiki-topics' });
  const corpus = readWikiTopics(await readFile(path)).map(({ text }) => text);
  if (corpus.length < 2 * texts)
    throw new Error(`The corpus has ${corpus.length} texts, which is not twice ${texts}.`);
  const { tokenizer, ...source } = await openEncoder((await locateAsset({ asset: 'minilm-l6-v2' })).folder);
  const encoder = await loadEncoder(source);
  progress(`embedding ${2 * texts} texts`);
  const side = async (name: string, first: number) => {
    const own = Array.from({ length: texts }, (_, i) => corpus[2 * i + first]);
    const { embeddings, width } = await embedTexts({ encoder, tokenizer, texts: own });
    const file = join(folder, `${name}.npy`);
    await writeFile(file, writeNpy({ shape: [texts, width], values: embeddings }));
    return file;
  };
  return { p: await side('p', 0), q: await side('q', 1) };
}

/** Returns the result as readable text. */
export function mauveText(result: MauveBench): string {
  const line = (name: 'ours' | 'peer', bytes: number) =>
    `${name}  ${result[name].toFixed(0).padStart(7)} ${result.unit}   MAUVE ` +
    `${result.scores[name].toFixed(4)}   ${formatBytes(bytes)} at most`;
  return [
    line('ours', result.peakRssBytes),
    line('peer', result.peerPeakRssBytes),
    `ratio ${result.ratio.toFixed(2).padStart(7)}`,
  ].join('\n');
}
