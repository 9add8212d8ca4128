import { plainTemplate } from '../engine/data/plain-template.ts';
import { proxiesInput } from '../schemas/activities.ts';
import { invalidConfig } from '../schemas/errors.ts';
import { proxiesMeasuredSchema } from '../schemas/jobs.ts';
import type { ActivityDeps } from './activity-deps.ts';
import { createComputeStep } from './compute-step.ts';

/** Measures how like one corpus is to the real test records. What does not depend on the adapter is shared by the runs of a sweep. */
export function createProxies(deps: ActivityDeps) {
  return createComputeStep({
    deps,
    input: proxiesInput,
    output: proxiesMeasuredSchema,
    name: ({ source }) => `proxies-${source}`,
    stage: () => 'proxies',
    job: ({ run, config, source, adapter, texts, test }) => {
      const { proxies } = config.evaluation;
      if (proxies === undefined) throw invalidConfig('evaluation.proxies is not set.');
      const { encoder, ...settings } = proxies;
      return {
        kind: 'proxies',
        store: deps.store.uri,
        run,
        source,
        model: config.model,
        encoder,
        template: plainTemplate(config.template),
        adapter,
        texts,
        test,
        settings,
        maxTokens: config.training.maxTokens,
      };
    },
  });
}
