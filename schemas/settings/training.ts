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

/**
 * All parameters of the model are trained; record gradients are clipped by their ghost
 * norms (arXiv 2110.05679).
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

/**
 * How products with matrices that are not trained are computed. Everything else, clipping and noise among
 * it, is float32.
 */
export const precisionSettingSchema = z.enum(['auto', 'float32', 'bfloat16']);
export const precisionSchema = precisionSettingSchema.exclude(['auto']);

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
  precision: precisionSettingSchema
    .default('auto')
    .describe(
      'Of products with frozen matrices, in fine-tuning and sampling: auto is bfloat16 if the processor ' +
        'multiplies it, else float32',
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
