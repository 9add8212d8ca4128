import { z } from 'zod';

const label = z.string().min(1).max(200);

/** Where the private corpus is and how it is read. The label set is declared here, hence public. */
export const corpusSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .describe('A catalog dataset (wiki-topics, sms-spam, tweet-sentiment) or a .csv or .jsonl path'),
  textField: z.string().min(1).default('text'),
  labelField: z.string().min(1).default('label'),
  labels: z.array(label).min(2).describe('The label set. It is declared public; other labels are dropped'),
  testFraction: z.number().gt(0).lt(1).default(0.2),
  testSetIsPublic: z
    .boolean()
    .default(false)
    .describe('True allows scores on the real test set in workflow history and in the release area'),
});

/** `[task][label]:` as in the paper, or an instruction for a chat model. Prefix tokens carry no loss. */
export const templateSchema = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('prefix'), task: z.string().min(1) }),
  z.strictObject({
    form: z.literal('chat'),
    instruction: z.string().includes('{description}').default('Write {description}.'),
    descriptions: z.record(label, z.string().min(1)),
    system: z.string().optional(),
  }),
]);

export const loraSchema = z.strictObject({
  method: z.literal('lora').default('lora'),
  rank: z.int().min(1).max(256).default(4),
  alpha: z.number().positive().default(8).describe('The update is scaled by alpha / rank'),
  matrices: z
    .array(z.enum(['q', 'k', 'v', 'o', 'gate', 'up', 'down']))
    .min(1)
    .default(['q', 'v']),
  freezeA: z
    .boolean()
    .default(false)
    .describe(
      'Keep A as it starts and train B alone (FFA-LoRA, arXiv 2403.12313): half the parameters, less noise',
    ),
  lastBlocks: z.int().min(1).optional().describe('Adapt only the last blocks: cheaper and fewer parameters'),
});

/** A soft prompt before every record is all that is trained (prompt tuning, arXiv 2104.08691). */
export const promptSchema = z.strictObject({
  method: z.literal('prompt'),
  length: z.int().min(1).max(1024).default(20).describe('Tokens of the soft prompt'),
  initialisation: z
    .enum(['random', 'vocabulary', 'text'])
    .default('random')
    .describe("Random numbers of the embeddings' spread, embeddings of random tokens, or those of `text`"),
  text: z.string().min(1).optional().describe('What the prompt starts as, repeated to its length'),
});

/** All parameters of the model are trained; record gradients are clipped by their ghost norms (arXiv 2110.05679). */
export const fullSchema = z.strictObject({ method: z.literal('full') });

export const adapterSchema = z.discriminatedUnion('method', [loraSchema, promptSchema, fullSchema]);

export const learningRateScheduleSchema = z.strictObject({
  peak: z.number().positive().default(5e-3),
  warmupSteps: z.int().min(0).default(0),
  decay: z.enum(['constant', 'linear', 'cosine']).default('constant'),
});

const adamFields = {
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root of the second moment'),
  noiseCorrection: z
    .boolean()
    .default(false)
    .describe('Subtract the variance of the privacy noise from the second moment (arXiv 2312.14334)'),
  noiseFloor: z
    .number()
    .positive()
    .default(5e-8)
    .describe('Least second moment that the correction leaves: it then stands in place of epsilon'),
};

/** What makes an update of a released gradient: post-processing, so it costs no privacy. */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('adam'), ...adamFields }),
  z.strictObject({
    kind: z.literal('adamw'),
    ...adamFields,
    weightDecay: z.number().min(0).default(0.01).describe('Decoupled; multiplied by the learning rate'),
  }),
  z.strictObject({ kind: z.literal('sgd'), momentum: z.number().min(0).lt(1).default(0.9) }),
  z.strictObject({ kind: z.literal('adafactor') }),
]);

export const trainingSchema = z.strictObject({
  adapter: adapterSchema.prefault({ method: 'lora' }),
  expectedBatchSize: z.int().min(1).default(128),
  steps: z.int().min(1).default(16),
  optimizer: optimizerSchema.prefault({ kind: 'adam' }),
  learningRate: learningRateScheduleSchema.prefault({}),
  objective: z
    .enum(['prefix', 'full'])
    .default('prefix')
    .describe('prefix: loss on the text alone; full: on the tokens of the prefix as well'),
  maxTokens: z
    .int()
    .min(2)
    .max(4096)
    .default(48)
    .describe('Target tokens kept of a record: a public constant'),
  lossNormalisation: z
    .enum(['mean', 'sum', 'constant'])
    .default('mean')
    .describe('Inside one record only: mean over its target tokens, their sum, or their sum over maxTokens'),
  averaging: z.number().min(0).lt(1).default(0).describe('Decay of the moving average of iterates; 0 is off'),
  microBatch: z.int().min(1).max(1024).default(16).describe('Physical micro-batch; accounting never sees it'),
  recompute: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe('Recompute activations by block in the backward pass: less memory, more time'),
  checkpointEvery: z.int().min(1).default(2),
});

/** The clipping norm follows a quantile of the gradient norms (arXiv 1905.03871); its noise comes out of the same budget. */
export const adaptiveClippingSchema = z.strictObject({
  quantile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.5)
    .describe('Share of records whose gradient is to be left as it is'),
  learningRate: z.number().positive().default(0.2).describe('Geometric: norm * exp(-rate * error)'),
  countNoise: z
    .number()
    .positive()
    .optional()
    .describe('Standard deviation of the noise on the count; default expectedBatchSize / 20'),
});

const adaptive = adaptiveClippingSchema.optional();

export const clippingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('flat'), adaptive }),
  z.strictObject({ kind: z.literal('per-layer'), adaptive }),
]);

export const privacySchema = z.strictObject({
  epsilon: z.union([z.number().positive(), z.literal('none')]).default(8),
  delta: z.number().gt(0).lt(1).optional().describe('Default n^-1.1'),
  clippingNorm: z.number().positive().default(1).describe('Where it starts, if clipping is adaptive'),
  clipping: clippingSchema.prefault({ kind: 'flat' }),
  accountant: z.enum(['pld', 'rdp']).default('pld'),
});

export const samplingSchema = z.strictObject({
  records: z.int().min(1).default(550),
  shards: z.int().min(1).max(1000).default(2),
  maxTokens: z.int().min(1).max(4096).default(48),
  minTokens: z
    .int()
    .min(0)
    .default(1)
    .describe('The token that ends a text cannot be drawn before a text has so many'),
  temperature: z.number().min(0).default(1),
  repetitionPenalty: z
    .number()
    .positive()
    .default(1)
    .describe('Makes tokens that a text already has less likely: CTRL, arXiv 1909.05858. 1 is off'),
  topK: z.int().min(0).default(0).describe('0 is off'),
  topP: z.number().gt(0).max(1).default(0.95),
  labels: z
    .union([z.literal('uniform'), z.record(label, z.number().nonnegative())])
    .default('uniform')
    .describe('uniform, or public proportions'),
  batch: z.int().min(1).max(1024).default(64),
});

/** Training stops once the loss on held-out training texts no longer falls, and the best classifier is kept. Never under DP. */
export const earlyStoppingSchema = z.strictObject({
  fraction: z.number().gt(0).lt(1).default(0.1).describe('Share of the training texts held out'),
  every: z.int().min(1).default(20).describe('Updates between two looks at them'),
  patience: z.int().min(1).default(3).describe('Looks in a row without a lower loss'),
});

const classifierFields = {
  updates: z
    .int()
    .min(1)
    .default(240)
    .describe('Of the optimizer, whatever the size of the corpus: equal compute for every row of the table'),
  batch: z.int().min(1).default(64).describe('Expected size: texts are drawn independently at each update'),
  maxTokens: z.int().min(5).default(48),
  seeds: z.int().min(1).max(20).default(3),
  earlyStopping: earlyStoppingSchema.optional(),
};

/** Of the row real-dp: its epsilon and delta are those of `privacy`. */
const dpFields = { clippingNorm: z.number().positive().default(1) };
const dpBatch = z.int().min(1).describe('At most n is used');

const wordCnnSchema = z.strictObject({
  kind: z.literal('wordcnn').default('wordcnn'),
  embedding: z
    .enum(['language-model', 'random'])
    .default('language-model')
    .describe("The public language model's token embeddings, or random ones"),
  widths: z.array(z.int().min(1).max(9)).min(1).default([3, 4, 5]),
  filters: z.int().min(1).default(100),
  pooling: z
    .enum(['max', 'mean'])
    .default('max')
    .describe('Over time: max is Kim 2014; mean stands label noise better'),
  dropout: z.number().min(0).lt(1).default(0.5),
  wordDropout: z.number().min(0).lt(1).default(0.5).describe('Share of tokens blanked while training'),
  ...classifierFields,
  learningRate: z.number().positive().default(3e-3).describe('At the start; it falls linearly to 0'),
  dp: z
    .strictObject({
      ...dpFields,
      expectedBatchSize: dpBatch.default(256),
      updates: z.int().min(1).default(100),
      learningRate: z.number().positive().default(3e-3),
      dropout: z.number().min(0).lt(1).default(0),
      wordDropout: z.number().min(0).lt(1).default(0),
    })
    .prefault({}),
});

/** Multinomial logistic regression on hashed words and pairs of words. */
const linearSchema = z.strictObject({
  kind: z.literal('linear'),
  buckets: z.int().min(16).max(1_048_576).default(32_768).describe('Of the hash'),
  ...classifierFields,
  learningRate: z.number().positive().default(0.1).describe('At the start; it falls linearly to 0'),
  dp: z
    .strictObject({
      ...dpFields,
      expectedBatchSize: dpBatch.default(1024),
      updates: z.int().min(1).default(30),
      learningRate: z.number().positive().default(0.3),
    })
    .prefault({}),
});

export const classifierSchema = z.discriminatedUnion('kind', [wordCnnSchema, linearSchema]);

export const evaluationSchema = z.strictObject({
  baselines: z
    .array(z.enum(['majority', 'zero-shot', 'real-dp', 'real']))
    .default(['majority', 'zero-shot', 'real'])
    .describe(
      'Rows beside the synthetic one. Without zero-shot its corpus is not sampled either; real-dp spends a budget of its own on the private records',
    ),
  heldOut: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(
      'Real test records on which the loss of the tuned and of the un-tuned model is measured; 0 is off. Where accuracy is too coarse',
    ),
  bootstrap: z.int().min(100).default(1000).describe('Resamples of the test set'),
  confidence: z.number().gt(0.5).lt(1).default(0.95),
});

/** One experiment: the single JSON object that the Temporal UI, the CLI and other services give. */
export const experimentSchema = z.strictObject({
  name: z.string().min(1).max(80).default('experiment'),
  seed: z
    .int()
    .min(0)
    .default(1)
    .describe('Public: split, sampling, classifier. Never batch choice or noise'),
  corpus: corpusSchema,
  template: templateSchema,
  model: z
    .string()
    .min(1)
    .default('smollm2-135m')
    .describe('A catalog model, hub:OWNER/NAME@COMMIT of the Hugging Face hub, or a folder or .gguf path'),
  training: trainingSchema.prefault({}),
  privacy: privacySchema.prefault({}),
  sampling: samplingSchema.prefault({}),
  classifier: classifierSchema.prefault({ kind: 'wordcnn' }),
  evaluation: evaluationSchema.prefault({}),
  cache: z
    .enum(['use', 'refresh', 'off'])
    .default('use')
    .describe(
      'use: take the result of a step that ran before with the same inputs, settings and code; refresh: run it anew and keep that; off: neither',
    ),
});

export type ExperimentConfig = z.infer<typeof experimentSchema>;
export type ExperimentInput = z.input<typeof experimentSchema>;
export type CorpusConfig = ExperimentConfig['corpus'];
export type TemplateConfig = ExperimentConfig['template'];
export type LoraConfig = z.infer<typeof loraSchema>;
export type PromptConfig = z.infer<typeof promptSchema>;
export type AdapterConfig = z.infer<typeof adapterSchema>;
export type OptimizerConfig = z.infer<typeof optimizerSchema>;
export type ClippingConfig = z.infer<typeof clippingSchema>;
export type TrainingConfig = ExperimentConfig['training'];
export type PrivacyConfig = ExperimentConfig['privacy'];
export type SamplingConfig = ExperimentConfig['sampling'];
export type ClassifierConfig = ExperimentConfig['classifier'];
export type WordCnnConfig = z.infer<typeof wordCnnSchema>;
export type LinearConfig = z.infer<typeof linearSchema>;
export type EarlyStoppingConfig = z.infer<typeof earlyStoppingSchema>;
export type EvaluationConfig = ExperimentConfig['evaluation'];
export type CacheMode = ExperimentConfig['cache'];
