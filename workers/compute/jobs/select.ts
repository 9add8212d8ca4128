import { countsOf } from '../../../engine/data/label-plan.ts';
import { formatRecords, RECORDS_MEDIA_TYPE } from '../../../engine/data/records-file.ts';
import { disposeEncoder, loadEncoder } from '../../../engine/encoder/encoder.ts';
import { openEncoder } from '../../../engine/encoder/open-encoder.ts';
import { openSelectionMechanism } from '../../../engine/privacy/selection-mechanism.ts';
import { reopenSelectionPlan } from '../../../engine/privacy/selection-plan.ts';
import { embedRecords } from '../../../engine/selection/embed-records.ts';
import { type Selection, selectTexts } from '../../../engine/selection/select-texts.ts';
import type { UnitRecords } from '../../../engine/selection/unit-records.ts';
import type { JobOf, JobResult } from '../../../schemas/jobs.ts';
import type { LabelledText } from '../../../schemas/records.ts';
import { runLayout } from '../../../schemas/run-layout.ts';
import type { SelectionSummary } from '../../../schemas/selection.ts';
import { locateAsset } from '../../../storage/assets/locate-asset.ts';
import { sha256 } from '../../../storage/digest.ts';
import type { JobContext } from '../job-context.ts';
import { openRunKey } from '../run-key.ts';
import { readRecords, readTexts } from './read-records.ts';

/**
 * A public constant: tokens of a text that the teacher reads. Private texts are embedded one by one,
 * which is slow.
 */
const MOST_TOKENS = 128;

/**
 * Selects synthetic records from a pool. A teacher judges them, which learns from the training records under
 * the plan. A new attempt repeats the noise of the previous one. The records stay in `private/` until the
 * run is released.
 */
export async function runSelect(job: JobOf<'select'>, context: JobContext): Promise<JobResult<'select'>> {
  const { run, labels, labelling, wanted, teacher } = job;
  const { store, onProgress, signal } = context;
  const plan = reopenSelectionPlan(job.plan);
  const texts = await readTexts(store, job.pool);
  const { records, pool } = await embedBoth({
    job,
    context,
    train: await readRecords(store, job.train, 'the training split'),
    texts,
  });
  const mechanism = openSelectionMechanism({
    plan,
    runKey: await openRunKey({ store, run, training: `select ${selectionDigest(job)}` }),
  });
  const selection = await selectTexts({
    mechanism,
    teacher: teacher.kind,
    rule: labelling,
    records,
    pool,
    wanted: countsOf(labels, wanted),
    seed: job.seed,
    onStep(done, of) {
      onProgress({ phase: 'train the teacher', step: done, of });
      signal.throwIfAborted();
    },
  });
  const { selected, selectionSummary } = runLayout(run);
  return {
    corpus: await store.put({
      ...selected,
      body: formatRecords(selectedRecords({ selection, texts, labels, labelling })),
      mediaType: RECORDS_MEDIA_TYPE,
      replace: true,
    }),
    summary: await store.putJson({
      ...selectionSummary,
      value: summaryOf({ selection, labels, labelling }),
      replace: true,
    }),
  };
}

/**
 * Returns the vectors of the private records and of the pool, computed by one public encoder. The encoder's
 * memory is freed.
 */
async function embedBoth(params: {
  job: JobOf<'select'>;
  context: JobContext;
  train: LabelledText[];
  texts: LabelledText[];
}): Promise<{ records: UnitRecords; pool: UnitRecords }> {
  const { job, context, train, texts } = params;
  const { onProgress, signal } = context;
  const of = train.length + texts.length;
  onProgress({ phase: 'load the encoder', step: 0, of });
  const { tokenizer, ...source } = await openEncoder((await locateAsset({ asset: job.encoder })).folder);
  const encoder = await loadEncoder(source);
  type Side = { name: string; isPrivate: boolean; before: number };
  const embed = (side: LabelledText[], { name, isPrivate, before }: Side) =>
    embedRecords({
      encoder,
      tokenizer,
      texts: side,
      labels: job.labels,
      name,
      isPrivate,
      maxTokens: MOST_TOKENS,
      onProgress(done) {
        onProgress({ phase: 'embed texts', step: before + done, of });
        signal.throwIfAborted();
      },
    });
  const pool = await embed(texts, { name: 'the pool', isPrivate: false, before: 0 });
  const records = await embed(train, {
    name: 'the training split',
    isPrivate: true,
    before: texts.length,
  });
  disposeEncoder(encoder);
  return { records, pool };
}

/**
 * Returns the digest of everything that determines the statistics. Selections that differ in it
 * never share noise.
 */
function selectionDigest({ labels, pool, train, plan, encoder, teacher }: JobOf<'select'>): string {
  const digests = pool.map(({ keyedDigest }) => keyedDigest);
  return sha256(JSON.stringify({ labels, pool: digests, train: train.keyedDigest, plan, encoder, teacher }));
}

function selectedRecords(params: {
  selection: Selection;
  texts: readonly LabelledText[];
  labels: readonly string[];
  labelling: SelectionSummary['labelling'];
}): LabelledText[] {
  const { selection, texts, labels, labelling } = params;
  return selection.texts.map(({ text, label, weight, probabilities }) => ({
    text: texts[text].text,
    label: labels[label],
    ...(labelling === 'soft' && { label_probabilities: rounded(probabilities) }),
    ...(weight !== 1 && { weight: Number(weight.toFixed(4)) }),
  }));
}

/** Rounds to four digits and keeps the sum at 1. */
function rounded(probabilities: Float32Array): number[] {
  const values = Array.from(probabilities, (value) => Math.round(value * 1e4));
  const largest = values.indexOf(Math.max(...values));
  values[largest] += 1e4 - values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / 1e4);
}

function summaryOf(params: {
  selection: Selection;
  labels: readonly string[];
  labelling: SelectionSummary['labelling'];
}): SelectionSummary {
  const { selection, labels, labelling } = params;
  return {
    labelling,
    labels: labels.map((label, k) => {
      const { written, agreed, chosen } = selection.byClass[k];
      return { label, pool: written, agreed: written === 0 ? 0 : agreed / written, kept: chosen };
    }),
  };
}
