import { z } from 'zod';

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
      'Keep A at its initial values and train only B (FFA-LoRA, arXiv 2403.12313): half the parameters, less noise',
    ),
  lastBlocks: z
    .int()
    .min(1)
    .optional()
    .describe('Adapt only this many blocks, the last ones: cheaper, with fewer parameters'),
});

/** Trains only a soft prompt before every record (prompt tuning, arXiv 2104.08691). */
export const promptSchema = z.strictObject({
  method: z.literal('prompt'),
  length: z.int().min(1).max(1024).default(20).describe('Number of tokens in the soft prompt'),
  initialisation: z
    .enum(['random', 'vocabulary', 'text'])
    .default('random')
    .describe(
      'Random numbers with the spread of the embeddings, embeddings of random tokens, or embeddings of `text`',
    ),
  text: z.string().min(1).optional().describe('The text that the prompt starts as, repeated to its length'),
});

/**
 * Trains all parameters of the model; record gradients are clipped by their ghost norms (arXiv 2110.05679).
 */
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
  epsilon: z.number().positive().default(1e-8).describe('Added to the square root of the second moment'),
  noiseCorrection: z
    .boolean()
    .default(false)
    .describe('Subtract the variance of the privacy noise from the second moment (arXiv 2312.14334)'),
  noiseFloor: z
    .number()
    .positive()
    .default(5e-8)
    .describe('Smallest second moment after the correction; it then replaces epsilon'),
};

/** Turns a noised gradient into an update. This is post-processing, so it costs no privacy. */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('adam'), ...adamFields }),
  z.strictObject({
    kind: z.literal('adamw'),
    ...adamFields,
    weightDecay: z
      .number()
      .min(0)
      .default(0.01)
      .describe('Decoupled weight decay, multiplied by the learning rate'),
  }),
  z.strictObject({ kind: z.literal('sgd'), momentum: z.number().min(0).lt(1).default(0.9) }),
  z.strictObject({ kind: z.literal('adafactor') }),
]);

/**
 * The precision of products with frozen matrices. Everything else, including clipping and noise, is float32.
 */
export const precisionSettingSchema = z.enum(['auto', 'float32', 'bfloat16']);
export const precisionSchema = precisionSettingSchema.exclude(['auto']);

export const trainingSchema = z.strictObject({
  adapter: adapterSchema.prefault({ method: 'lora' }),
  expectedBatchSize: z.int().min(1).default(128),
  steps: z
    .int()
    .min(0)
    .default(16)
    .describe('Updates; 0 fine-tunes nothing, so the base model writes the texts: only with `selection`'),
  optimizer: optimizerSchema.prefault({ kind: 'adam' }),
  learningRate: learningRateScheduleSchema.prefault({}),
  objective: z
    .enum(['prefix', 'full'])
    .default('prefix')
    .describe('prefix: loss on the text given its prefix; full: loss also on the tokens of the prefix'),
  maxTokens: z
    .int()
    .min(2)
    .max(4096)
    .default(48)
    .describe('Target tokens that are kept of each record. A public constant'),
  lossNormalisation: z
    .enum(['mean', 'sum', 'constant'])
    .default('mean')
    .describe(
      'Loss within one record: the mean over its target tokens, their sum, or their sum divided by maxTokens',
    ),
  averaging: z.number().min(0).lt(1).default(0).describe('Decay of the moving average of iterates. 0 is off'),
  microBatch: z
    .int()
    .min(1)
    .max(1024)
    .default(16)
    .describe('Records in memory at once. It does not affect privacy accounting'),
  recompute: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe('Recompute activations per block in the backward pass: less memory, more time'),
  precision: precisionSettingSchema
    .default('auto')
    .describe(
      'Precision of products with frozen matrices, in fine-tuning and sampling. auto is bfloat16 if the processor supports it, else float32',
    ),
  checkpointEvery: z.int().min(1).default(2),
});

export type LoraConfig = z.infer<typeof loraSchema>;
export type PromptConfig = z.infer<typeof promptSchema>;
export type AdapterConfig = z.infer<typeof adapterSchema>;
export type OptimizerConfig = z.infer<typeof optimizerSchema>;
export type PrecisionSetting = z.infer<typeof precisionSettingSchema>;
export type Precision = z.infer<typeof precisionSchema>;
export type TrainingConfig = z.infer<typeof trainingSchema>;
