import { readFileSync } from 'node:fs';
import { readNpy } from '../../engine/data/npy.ts';
import { type Embeddings, toEmbeddings } from '../../engine/metrics/embeddings.ts';
import { mauve } from '../../engine/metrics/mauve/mauve.ts';
import type { MauveTask } from '../mauve.ts';
import { giveResult, readTask } from './task.ts';

/** Computes MAUVE of two files of embeddings with our engine. */
const WARM_UP = 300;

const task = readTask<MauveTask>();
const [p, q] = [task.p, task.q].map((file) => toEmbeddings(readNpy(readFileSync(file)), file));
const settings = [{ buckets: null, scaling: 5, seed: task.seed }];
mauve({ p: firstRows(p), q: firstRows(q), settings });
const started = performance.now();
const [score] = mauve({ p, q, settings });
const seconds = (performance.now() - started) / 1000;
giveResult({ mauve: score.mauve, frontierIntegral: score.frontierIntegral, seconds });

function firstRows({ rows, dims, values }: Embeddings): Embeddings {
  const kept = Math.min(WARM_UP, rows);
  return { rows: kept, dims, values: values.slice(0, kept * dims) };
}
