import { z } from 'zod';

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

export type EvaluationConfig = z.infer<typeof evaluationSchema>;
