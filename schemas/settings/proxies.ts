import { z } from 'zod';

/** One way to compute MAUVE. Scores of unlike settings are not comparable. */
export const mauveSettingsSchema = z.strictObject({
  buckets: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe('Clusters of both sides together; null is a tenth of the smaller side'),
  scaling: z.number().positive().default(5).describe('The constant c: the larger, the lower the score'),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .max(20)
    .default([25, 26, 27])
    .describe('Of the first centroids; the score is the mean'),
});

/** Cheap numbers that hint at accuracy: how like the texts of a corpus are to the real test records. */
export const proxySettingsSchema = z.strictObject({
  records: z
    .int()
    .min(1)
    .max(20_000)
    .default(500)
    .describe('Texts of each side at most, evenly spread over its records'),
  encoder: z
    .string()
    .min(1)
    .default('minilm-l6-v2')
    .describe('A catalog encoder, hub:OWNER/NAME@COMMIT of the Hugging Face hub, or a folder'),
  mauve: z
    .array(mauveSettingsSchema)
    .min(1)
    .max(10)
    .default([mauveSettingsSchema.parse({})])
    .describe('Several settings at once share the embeddings'),
  perplexityRecords: z
    .int()
    .min(0)
    .max(20_000)
    .default(100)
    .describe('Texts whose perplexity is measured; 0 is off. What needs most time'),
});

export type ProxySettings = z.infer<typeof proxySettingsSchema>;
export type MauveSettingsOfRun = z.infer<typeof mauveSettingsSchema>;
