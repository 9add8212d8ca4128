import { z } from 'zod';
import type { TrainingPoint } from '../../engine/report/report-data.ts';
import type { ArtifactRef } from '../../schemas/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

const number = z.number().nullable();
/** The part of the diagnostics of fine-tuning that the private report draws. */
const diagnosticsSchema = z.object({
  curve: z.array(
    z.object({ step: z.int(), loss: number, clipped: number, medianNorm: number, drawn: z.int() }),
  ),
});

/** The curve of fine-tuning, from its private diagnostics. For the private report only. */
export async function trainingCurve(params: {
  store: ArtifactStore;
  diagnostics: ArtifactRef;
}): Promise<TrainingPoint[]> {
  const { curve } = await params.store.readJson(params.diagnostics, diagnosticsSchema);
  return curve.map(({ step, loss, clipped, medianNorm, drawn }) => ({
    step,
    loss,
    clippedFraction: clipped,
    gradientNorm: medianNorm,
    drawn,
  }));
}
