import type { Area } from './artifact.ts';

/** Place of an artifact of a run in the store: its area, and its key, which begins with the run. */
export type Place<In extends Area = Area> = { readonly area: In; readonly key: string };

/** Corpora that are sampled in shards. */
export type SampledCorpus = 'synthetic' | 'pool' | 'zero-shot';

/**
 * Places of everything that a run stores. Writers and readers must use these functions only, because
 * the existing keys decide whether a reservation is refunded. For what can be in either area, the area
 * is a parameter.
 */
export function runLayout(run: string) {
  const inside = (name: string): Place<'private'> => ({ area: 'private', key: `${run}/${name}` });
  const outside = (name: string): Place<'release'> => ({ area: 'release', key: `${run}/${name}` });
  const either = (name: string): { [In in Area]: Place<In> } => ({
    private: inside(name),
    release: outside(name),
  });

  return {
    // Destroyed once the run is released.
    runKey: inside('run.key'),
    checkpoints: inside('checkpoints'),
    /** The checkpoints of one training, by its digest. */
    checkpointsOf: (training: string) => inside(`checkpoints/${training}`),
    /** Names sort by step. */
    checkpoint: ({ training, step }: { training: string; step: number }) =>
      inside(`checkpoints/${training}/${padded(step, 8)}.ckpt`),

    // Results of the steps.
    train: inside('train.jsonl'),
    test: inside('test.jsonl'),
    prepareDiagnostics: inside('prepare-diagnostics.json'),
    adapter: either('adapter.safetensors'),
    finetuneDiagnostics: inside('finetune-diagnostics.json'),
    shard: (name: SampledCorpus, shard: number) => inside(`${name}/${padded(shard, 5)}.jsonl`),
    /** What became of the texts of a shard. */
    shardCounts: (name: SampledCorpus, shard: number) => inside(`${name}/${padded(shard, 5)}.counts.json`),
    selected: inside('selected.jsonl'),
    selectionSummary: inside('selection.json'),
    heldOut: (model: 'tuned' | 'untuned') => inside(`held-out-${model}.json`),
    proxiesOf: (source: string) => inside(`proxies/${source}.json`),
    search: (source: string) => inside(`tuning/${source}.json`),
    /**
     * Returns the places of the row of a source, or of a share of its texts, and of its predictions. Both
     * keys begin with `stem`.
     */
    scoresOf(source: string, share?: number) {
      const stem = `scores/${source}${share === undefined ? '' : `-${share}`}`;
      return {
        stem: inside(stem),
        row: inside(`${stem}.json`),
        predictions: inside(`${stem}.predictions.json`),
      };
    },

    // Progress of the run.
    steps: inside('steps'),
    step: (name: string) => inside(`steps/${name}.json`),
    underWay: (stage: string) => inside(`under-way/${stage}`),
    reportInput: inside('report-input.json'),
    /** Returns the place of a trial that a sweep proposed. */
    trial: (index: number) => inside(`trials/${index}.json`),
    log: (name: string) => inside(`logs/${name}.txt`),
    error: (name: string) => inside(`errors/${name}.txt`),

    // Artifacts that the report commits.
    synthetic: either('synthetic.jsonl'),
    zeroShot: either('zero-shot.jsonl'),
    parquet: either('synthetic.parquet'),
    scores: inside('scores.json'),
    tuning: inside('tuning/summary.json'),
    proxies: inside('proxies.json'),
    reportData: inside('report-data.json'),
    statement: outside('statement.json'),
    report: either('report.html'),
    card: outside('README.md'),
    manifest: either('manifest.json'),
  };
}

/** Places of the versions of a release, which the workflow resynthesis publishes. */
export function versionsLayout(release: string) {
  const outside = (name: string): Place<'release'> => ({ area: 'release', key: `${release}/${name}` });
  return {
    versions: outside('versions.json'),
    changelog: outside('changelog.md'),
    current: outside('current.json'),
  };
}

/** Returns whether a key is in the folder of a place. */
export function isBelow({ key: folder }: Place, key: string): boolean {
  return key.startsWith(`${folder}/`);
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}
