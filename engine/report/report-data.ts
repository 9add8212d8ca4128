import type { Area, ArtifactRef } from '../../schemas/artifact.ts';
import type { ExperimentConfig } from '../../schemas/experiment.ts';
import type { LabelledText } from '../../schemas/records.ts';
import type { Scores } from '../../schemas/scores.ts';

export interface Interval {
  low: number;
  high: number;
}

/** The privacy statement: one line, the full text in paragraphs parted by blank lines, and a table of facts. */
export interface StatementText {
  line: string;
  long: string;
  facts: readonly (readonly [name: string, value: string])[];
}

/** What the plan said before the run. `noiseMultiplier` is 0 where the run has no privacy. */
export interface PlanSummary {
  noiseMultiplier: number;
  /** The delta in force; null without privacy. */
  delta: number | null;
  samplingRate: number;
  trainableParameters: number;
  /** sigma * sqrt(d) / expected batch size: the noise of one update in units of the clipping norm. */
  noiseToClippingRatio: number;
  warnings: readonly string[];
}

/** One step of fine-tuning, computed on private records: never in a release. Losses are nats, as `lossNormalisation` has them. */
export interface TrainingPoint {
  step: number;
  loss: number | null;
  clippedFraction: number | null;
  gradientNorm?: number | null;
  drawn?: number;
}

export interface StageCost {
  stage: string;
  seconds: number;
  peakRssBytes?: number;
  /** Parts whose result an earlier run had made: their work is not in `seconds`. */
  cached?: number;
  /** True where the stage reads private records: its time and memory then depend on them. */
  readsPrivate: boolean;
}

export interface LineageEntry {
  name: string;
  area: Area;
  ref: ArtifactRef;
}

/** Everything that a report page is made of. Sample records are synthetic or zero-shot, never real ones. */
export interface ReportData {
  /** `private` shows all; `release` shows only what may be published. */
  version: 'private' | 'release';
  run: string;
  createdAt: string;
  codeVersion: string;
  config: ExperimentConfig;
  /** Training records n. Treated as public, as the privacy statement says. */
  trainingRecords: number;
  syntheticRecords: number;
  statement: StatementText;
  plan: PlanSummary;
  scores: Scores | null;
  samples: { synthetic: readonly LabelledText[]; zeroShot: readonly LabelledText[] };
  trainingCurve: readonly TrainingPoint[];
  stages: readonly StageCost[];
  lineage: readonly LineageEntry[];
}
