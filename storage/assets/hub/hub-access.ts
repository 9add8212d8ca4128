import { setTimeout as sleep } from 'node:timers/promises';
import { HUB_URL, HubApiError } from '@huggingface/hub';
import { DpsynthError, ErrorType, invalidConfig } from '../../../schemas/errors.ts';
import type { HubName } from './hub-name.ts';
import { formatHubName } from './hub-name.ts';

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 250;

/** The hub to ask and as whom: HF_ENDPOINT and HF_TOKEN, as in other tools for the hub. */
export function hubAccess(): { hubUrl: string; accessToken?: string } {
  const { HF_ENDPOINT, HF_TOKEN } = process.env;
  if (HF_TOKEN && !HF_TOKEN.startsWith('hf_'))
    throw invalidConfig('HF_TOKEN is not a token of the hub: those begin with hf_.');
  return { hubUrl: (HF_ENDPOINT || HUB_URL).replace(/\/+$/, ''), accessToken: HF_TOKEN || undefined };
}

/**
 * Does some work on the hub, again where it failed for a reason that can pass: a cut connection, a busy or
 * broken server. `progressed` tells whether the attempt that failed got further than those before: then the
 * count starts anew.
 */
export async function withRetries<T>(work: () => Promise<T>, progressed = () => false): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (progressed()) attempt = 1;
      if (attempt === ATTEMPTS || !canPass(error)) throw error;
      await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

function canPass(error: unknown): boolean {
  if (error instanceof DpsynthError) return false;
  return !(error instanceof HubApiError) || error.statusCode === 429 || error.statusCode >= 500;
}

/** Puts a failure of the hub into words that say what to do. InvalidConfig for 404: the name is wrong. */
export function hubError(name: HubName, error: unknown): DpsynthError {
  if (error instanceof DpsynthError) return error;
  const shown = formatHubName(name);
  const { hubUrl, accessToken } = hubAccess();
  const status = error instanceof HubApiError ? error.statusCode : undefined;
  if (status === 404)
    return invalidConfig(`${hubUrl} has no ${shown}: check owner, name and revision on its page.`);
  if (status === 401 || status === 403) {
    const token = accessToken ? 'the account of HF_TOKEN may not read it' : 'HF_TOKEN is not set';
    return unavailable(
      `${hubUrl} refuses ${shown} (${status}; ${token}). It is gated or private, or there is no such ` +
        `model: check the name, accept its terms on ${hubUrl}/${name.repository}, and set HF_TOKEN to a ` +
        'token that may read it.',
      error,
    );
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return unavailable(
    `${shown} could not be fetched from ${hubUrl} ` +
      `(${cause instanceof Error ? cause.message : String(cause)}). Fetch it again: what has come is ` +
      'kept, and it goes on from there.',
    error,
  );
}

function unavailable(message: string, cause: unknown): DpsynthError {
  return new DpsynthError({ type: ErrorType.AssetUnavailable, message, cause });
}
