import { z } from 'zod';

/** A linear softmax head over sentence embeddings, trained by full-batch gradient descent with noise. */
const headSchema = z.strictObject({
  kind: z.literal('head'),
  steps: z.int().min(1).max(200).default(15).describe('Noisy gradient steps over all training records'),
});

/** The mean embedding of each class, with noise, and the covariance of the synthetic texts. */
const classMeansSchema = z.strictObject({ kind: z.literal('class-means') });

/** How the labels of selected texts come about. */
export const labellingSchema = z.enum(['agree', 'relabel', 'soft']);

export const teacherSchema = z.discriminatedUnion('kind', [headSchema, classMeansSchema]);

/** Keeps or relabels synthetic texts by a teacher that learns from the private records with DP. */
export const selectionSchema = z.strictObject({
  pool: z
    .number()
    .min(1)
    .max(20)
    .default(3)
    .describe('Texts sampled per synthetic record: the more, the better the ones that are kept'),
  encoder: z
    .string()
    .min(1)
    .default('minilm-l6-v2')
    .describe(
      'Public sentence encoder of the teacher: a catalog encoder, hub:OWNER/NAME@COMMIT, or a folder',
    ),
  teacher: teacherSchema.prefault({ kind: 'head' }),
  labels: z
    .enum(['auto', ...labellingSchema.options])
    .default('auto')
    .describe(
      'agree: keep texts whose label the teacher confirms; relabel: take its label; soft: take its probabilities; auto: agree for the WordCNN, soft for other classifiers',
    ),
  votes: z
    .boolean()
    .default(false)
    .describe('Prefer texts that real records of the label are near to: needs epsilon 3 or more'),
  trainingNoise: z
    .number()
    .gt(1)
    .max(10)
    .default(1.1)
    .describe('How many times the noise of fine-tuning may grow to leave budget for the teacher'),
});

export type SelectionConfig = z.infer<typeof selectionSchema>;
export type Labelling = z.infer<typeof labellingSchema>;
export type TeacherConfig = z.infer<typeof teacherSchema>;
