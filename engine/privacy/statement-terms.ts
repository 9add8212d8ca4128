// What every statement of a private run says in the same words.

/** Preparing a corpus keeps one of these rows: all of them together are what one record stands for. */
export const UNIT =
  'one record, which stands for all rows whose texts differ only in case and white space, together with ' +
  'their label';
export const RELATION =
  'zero-out: one unit is replaced by one that contributes nothing; n is fixed and public';
export const SAMPLER =
  'Poisson: at every step each record is drawn independently, by a cryptographic random generator';
export const RELEASED =
  'the trained adapter, and everything made from it without the private records: ' +
  'the synthetic corpus, and models trained on it';
export const RELEASED_TEXTS = 'the synthetic texts that the statistics selected, and models trained on them';
export const NOT_COVERED = [
  'what the public model saw in pretraining: if it saw the private records, epsilon does not cover that',
  'internal diagnostics (losses, gradient norms, draws, checkpoints, the run key), which stay in the ' +
    'private area',
  'scores computed on real test records, unless those are public',
  'baseline classifiers trained on the private records, with or without DP, and their scores, which ' +
    'stay in the private area',
  'settings chosen by looking at the private records outside this run',
  'several records of one person: the unit is a record, not a person',
  'other runs over the same records: their losses add up',
].join('; ');
