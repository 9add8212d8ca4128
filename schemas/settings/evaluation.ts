import { z } from 'zod';
import { intervalSettings } from '../evaluations/classify.ts';
import { evaluationSettings } from '../evaluations/index.ts';

export const evaluationSchema = z.strictObject({
  baselines: z
    .array(z.enum(['majority', 'zero-shot', 'real-dp', 'real']))
    .default(['majority', 'zero-shot', 'real'])
    .describe(
      'Rows beside the synthetic one. Without zero-shot its corpus is not sampled either; real-dp ' +
        'spends a budget of its own on the private records',
    ),
  ...evaluationSettings,
  ...intervalSettings,
});

export type EvaluationConfig = z.infer<typeof evaluationSchema>;
