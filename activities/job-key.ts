import { artifactRefSchema } from '../schemas/artifact.ts';
import type { ComputeJob } from '../schemas/jobs.ts';
import { ownModel } from '../schemas/settings/classifier.ts';
import type { CorpusConfig } from '../schemas/settings/corpus.ts';
import { decisiveFinetune, decisiveSampling, decisiveTraining } from '../schemas/settings/decisive.ts';
import { assetDigest } from '../storage/assets/asset-digest.ts';
import { sha256 } from '../storage/digest.ts';

/**
 * Digest of all that decides a job's result: its settings, the content of its artifacts and assets, the version of its
 * code. Where the result is kept, and how the work is cut into physical batches, decide nothing.
 * Throws what `locateAsset` throws for an asset that is not here.
 */
export async function jobKey(params: { job: ComputeJob; version: string }): Promise<string> {
  const { job, version } = params;
  const assets: Record<string, string> = {};
  if ('model' in job) assets.model = await assetDigest({ asset: job.model });
  const own = 'classifier' in job ? ownModel(job.classifier) : null;
  if (own !== null) assets.classifier = await assetDigest({ asset: own });
  if ('encoder' in job) assets.encoder = await assetDigest({ asset: job.encoder });
  if ('corpus' in job) {
    const { source, test } = job.corpus;
    assets.source = await assetDigest({ asset: source });
    if (typeof test === 'string') assets.test = await assetDigest({ asset: test });
  }
  return sha256(JSON.stringify({ version, assets, job: withoutNames(decisiveJob(job)) }, byContent));
}

/** By path, not by name: a label may have the name of any field. */
function decisiveJob(job: ComputeJob): object {
  if (job.kind === 'finetune') {
    const { training, ...rest } = decisiveFinetune(job);
    return { ...rest, training: decisiveTraining(training) };
  }
  const { store: _, run: _r, ...rest } = job;
  return rest.kind === 'sample' ? { ...rest, sampling: decisiveSampling(rest.sampling) } : rest;
}

/** Without the names of assets, for which their digests stand; nor does who may see the test set change what is in it. */
function withoutNames(job: object): object {
  const {
    model: _,
    encoder: _e,
    classifier,
    corpus,
    ...rest
  } = job as { model?: string; encoder?: string; classifier?: object; corpus?: Partial<CorpusConfig> };
  return {
    ...rest,
    classifier: classifier && { ...classifier, model: undefined },
    corpus: corpus && {
      ...corpus,
      source: undefined,
      testSetIsPublic: undefined,
      // A test set of its own leaves nothing for the fraction to decide.
      ...(corpus.test === undefined ? {} : { testFraction: undefined }),
      ...(typeof corpus.test === 'string' ? { test: undefined } : {}),
    },
  };
}

function byContent(_field: string, value: unknown): unknown {
  const ref = artifactRefSchema.safeParse(value);
  return ref.success ? ref.data.keyedDigest : value;
}
