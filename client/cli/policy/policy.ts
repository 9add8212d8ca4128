import { type Policy, type PolicyRecord, policySchema, type SourceRule } from '../../../schemas/policy.ts';
import { openStore } from '../../../storage/open-store.ts';
import { readPolicies, setPolicy } from '../../../storage/policy/policy-records.ts';
import { sourceName } from '../../../storage/policy/rule-of.ts';
import { locateHome } from '../../embedded/home.ts';
import { parsed } from '../../parsed.ts';
import { readJson } from '../config/load-config.ts';
import { operatorName } from '../terminal/operator-name.ts';

export type PolicyOptions = { home?: string; json?: boolean };

export type ShowPolicyOptions = PolicyOptions & { history?: boolean };

export type SetPolicyOptions = PolicyOptions & { by?: string };

export async function showPolicy(options: ShowPolicyOptions): Promise<void> {
  const store = await openStore(locateHome(options.home).storeUri);
  const records = await readPolicies({ store });
  if (options.json) return print(options.history ? records : (records.at(-1) ?? null));
  if (records.length === 0)
    return console.log(
      'The store has no policy, so each experiment sets its own limits. `dpsynth policy set` sets a policy.',
    );
  const shown = options.history ? records : records.slice(-1);
  console.log(shown.map(policyText).join('\n\n'));
}

/** Puts the policy of a file into force. Throws InvalidConfig if the file is not a valid policy. */
export async function setFromFile(file: string, options: SetPolicyOptions): Promise<void> {
  const store = await openStore(locateHome(options.home).storeUri);
  const policy = await namedAlike(parsed(policySchema, await readJson(file), `${file} is not a policy`));
  const record = await setPolicy({ store, policy, by: options.by ?? operatorName() });
  if (options.json) print(record);
  else console.log(policyText(record));
}

/** Names sources as workers do: absolute paths without links and dots. A pattern stays as it is. */
async function namedAlike(policy: Policy): Promise<Policy> {
  const sources = policy.sources.map(async (rule) =>
    rule.source.includes('*') ? rule : { ...rule, source: await sourceName(rule.source) },
  );
  return { ...policy, sources: await Promise.all(sources) };
}

/** Describes a version of a policy, one line per rule. */
export function policyText({ sequence, at, by, policy }: PolicyRecord): string {
  const { ledgers, sources, otherSources, keepUnfinishedDays } = policy;
  return [
    `Version ${sequence}, set by ${by} on ${at.slice(0, 16).replace('T', ' ')} UTC`,
    ...ledgers.map(({ id, ...limits }) => `  ledger ${id}: ${limitsText(limits)}`),
    ...sources.map((rule) => `  ${rule.source}: ${ruleText(rule)}`),
    `  other sources: ${otherSources === 'allow' ? 'allowed' : 'refused'}`,
    ...(keepUnfinishedDays === undefined
      ? []
      : [`  unfinished runs: keys and checkpoints are kept for ${keepUnfinishedDays} days`]),
  ].join('\n');
}

function ruleText({ ledger, limits, maxEpsilon, maxDelta }: SourceRule): string {
  return [
    ledger === undefined ? 'charged to a ledger of its own' : `charged to the ledger ${ledger}`,
    ...(limits === undefined ? [] : [limitsText(limits)]),
    ...(maxEpsilon === undefined ? [] : [`at most epsilon ${maxEpsilon} per run`]),
    ...(maxDelta === undefined ? [] : [`at most delta ${maxDelta} per run`]),
  ].join(', ');
}

function limitsText({ epsilon, delta, approveAbove }: NonNullable<SourceRule['limits']>): string {
  const approval = approveAbove === undefined ? '' : `, approval above epsilon ${approveAbove}`;
  return `epsilon ${epsilon} at delta ${delta} over all runs${approval}`;
}

function print(value: unknown): void {
  console.log(JSON.stringify(value));
}
