import { z } from 'zod';
import { experimentSchema } from './experiment.ts';
import { experimentResultSchema, experimentStateSchema } from './experiment-state.ts';
import { ledgerInputSchema, ledgerViewSchema } from './ledger.ts';
import { WorkflowType } from './names.ts';
import { policySchema } from './policy.ts';
import { resynthesisResultSchema, resynthesisSchema } from './resynthesis.ts';
import { sweepSchema } from './sweep/sweep.ts';
import { sweepStateSchema } from './sweep/sweep-state.ts';

/** What each workflow takes and returns. Optional inputs are not required. */
const SCHEMAS = {
  [WorkflowType.experiment]: {
    schema: experimentSchema,
    io: 'input',
    title: 'Input of the workflow experiment',
  },
  'experiment-result': {
    schema: experimentResultSchema,
    io: 'output',
    title: 'Result of the workflow experiment',
  },
  'experiment-state': {
    schema: experimentStateSchema,
    io: 'output',
    title: 'Answer to the query experimentState',
  },
  [WorkflowType.sweep]: { schema: sweepSchema, io: 'input', title: 'Input of the workflow sweep' },
  'sweep-result': {
    schema: sweepStateSchema,
    io: 'output',
    title: 'Result of the workflow sweep, and answer to the query sweepState',
  },
  [WorkflowType.resynthesis]: {
    schema: resynthesisSchema,
    io: 'input',
    title: 'Input of the workflow resynthesis',
  },
  'resynthesis-result': {
    schema: resynthesisResultSchema,
    io: 'output',
    title: 'Result of the workflow resynthesis',
  },
  [WorkflowType.ledger]: { schema: ledgerInputSchema, io: 'input', title: 'Input of the workflow ledger' },
  'ledger-state': { schema: ledgerViewSchema, io: 'output', title: 'Answer to the query ledgerState' },
  policy: { schema: policySchema, io: 'input', title: 'Policy of a store, as `dpsynth policy set` takes it' },
} as const satisfies Record<string, { schema: z.ZodType; io: 'input' | 'output'; title: string }>;

export type JsonSchemaName = keyof typeof SCHEMAS;
export const JSON_SCHEMA_NAMES = Object.keys(SCHEMAS) as JsonSchemaName[];

/**
 * Returns a JSON Schema (draft 2020-12) for clients in other languages. Some checks across fields are made
 * only by workers.
 */
export function jsonSchema(name: JsonSchemaName): Record<string, unknown> {
  const { schema, io, title } = SCHEMAS[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // This format is specific to Zod; the pattern beside it says the same.
      if (jsonSchema.format === 'includes') delete jsonSchema.format;
    },
  });
  return { $schema, title, ...rest };
}
