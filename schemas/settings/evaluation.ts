import { z } from 'zod';
import { proxySettingsSchema } from './proxies.ts';
import { tuningSettingsSchema } from './tuning.ts';

export const evaluationSchema = z.strictObject({
  baselines: z
    .array(z.enum(['majority', 'zero-shot', 'real-dp', 'real']))
    .default(['majority', 'zero-shot', 'real'])
    .describe(
      'Rows beside the synthetic one. Without zero-shot its corpus is not sampled either; real-dp ' +
        'spends a budget of its own on the private records',
    ),
  heldOut: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(
      'Real test records on which the loss of the tuned and of the un-tuned model is measured; 0 is ' +
        'off. Where accuracy is too coarse',
    ),
  proxies: proxySettingsSchema
    .optional()
    .describe('How like the texts are to the real test records: absent is off'),
  tuning: tuningSettingsSchema
    .optional()
    .describe('Searches classifier settings on synthetic and on real texts; off without it'),
  amounts: z
    .array(z.number().gt(0).max(1))
    .min(1)
    .max(20)
    .optional()
    .describe('Shares of the synthetic corpus to train on as well; off without it'),
  bootstrap: z.int().min(100).default(1000).describe('Resamples of the test set'),
  confidence: z.number().gt(0.5).lt(1).default(0.95),
});

export type EvaluationConfig = z.infer<typeof evaluationSchema>;
