import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { updateLedger } from '../activities/ledger/update-ledger.ts';
import { invalidConfig } from '../schemas/errors.ts';
import {
  type EntryOutcome,
  type LedgerLimits,
  ledgerIdSchema,
  ledgerLimitsSchema,
} from '../schemas/ledger.ts';
import { LedgerUpdate } from '../schemas/names.ts';

/** Lets a stage go on that waits for a person. Throws InvalidConfig where the ledger has no such reservation. */
export async function approveReservation(params: {
  client: Client;
  ledger: string;
  reservation: string;
}): Promise<EntryOutcome> {
  const { client, reservation } = params;
  const ledger = parsed(ledgerIdSchema, params.ledger);
  return updateLedger({ client, ledger, update: LedgerUpdate.approve, request: { id: reservation } });
}

/** Sets other limits of a ledger, on record. What is charged stays charged. Throws InvalidConfig. */
export async function setLedgerLimits(params: {
  client: Client;
  ledger: string;
  limits: LedgerLimits;
}): Promise<LedgerLimits> {
  const ledger = parsed(ledgerIdSchema, params.ledger);
  const request = parsed(ledgerLimitsSchema, params.limits);
  return updateLedger({ client: params.client, ledger, update: LedgerUpdate.limits, request });
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success)
    throw invalidConfig(`The ledger does not take this:\n${z.prettifyError(result.error)}`);
  return result.data;
}
