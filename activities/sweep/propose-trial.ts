import { z } from 'zod';
import { proposeTrial } from '../../engine/search/propose.ts';
import { invalidConfig } from '../../schemas/errors.ts';
import { runLayout } from '../../schemas/run-layout.ts';
import {
  type ProposeTrialInput,
  proposeTrialInput,
  type TrialValues,
  trialValuesSchema,
} from '../../schemas/sweep/search.ts';
import { sha256 } from '../../storage/digest.ts';
import type { ActivityDeps } from '../activity-deps.ts';
import { toFailure } from '../to-failure.ts';

/** `search` is a digest: proposals of another search are not of this one. */
const keptSchema = z.object({ search: z.string(), values: trialValuesSchema });

/**
 * The values of one trial of a search. They are kept in `private/<sweep>/trials/`: a sweep that is started again under its id
 * tries the same, and finds the runs that have ended, whatever order they end in. Throws InvalidConfig where the sweep of
 * this id was another search.
 */
export function createProposeTrial({ store }: ActivityDeps) {
  return async (given: ProposeTrialInput): Promise<TrialValues> => {
    try {
      const { sweep, ...params } = proposeTrialInput.parse(given);
      const search = sha256(JSON.stringify([params.search, params.maximize]));
      const place = runLayout(sweep).trial(params.index);
      const kept = await store.readKeyJson(place, keptSchema);
      if (kept !== null) {
        if (kept.search === search) return kept.values;
        throw invalidConfig(
          `The sweep ${sweep} has been started before, with another search. Start this one under another id.`,
        );
      }
      const values = proposeTrial(params);
      await store.putJson({ ...place, value: { search, values } });
      return values;
    } catch (error) {
      throw toFailure(error);
    }
  };
}
