import { planPrivateClassifier } from '../../engine/classifier/plan-classifier.ts';
import type { ErrorType } from '../../schemas/errors.ts';
import { planExperiment } from '../plan-experiment.ts';

/** Calibrations that can take half a minute for extreme settings. */
export const CALIBRATIONS = { planExperiment, planPrivateClassifier };

type Kind = keyof typeof CALIBRATIONS;
export type CalibrationParams<K extends Kind> = Parameters<(typeof CALIBRATIONS)[K]>[0];
export type CalibrationResult<K extends Kind> = ReturnType<(typeof CALIBRATIONS)[K]>;

/** Input and output of a thread. */
export type CalibrationRequest = { [K in Kind]: { kind: K; params: CalibrationParams<K> } }[Kind];
export type Calibrated = { value: unknown } | { error: { type: ErrorType; message: string } };
export type CalibrationKind = Kind;
