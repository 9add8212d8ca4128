import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Policy, SourceRule } from '../../schemas/policy.ts';
import { catalogAsset } from '../assets/local-asset.ts';
import { isS3Uri, parseS3Uri } from '../s3/s3-location.ts';

/** The first rule of a policy that matches a source, or undefined. */
export async function ruleOf(policy: Policy, source: string): Promise<SourceRule | undefined> {
  const name = await sourceName(source);
  return policy.sources.find((rule) => matches(rule.source, name));
}

/**
 * What a source is called in a policy, however it is written in an experiment: a path without links and dots,
 * s3://BUCKET/KEY without how its server is reached, or the name in the catalog.
 */
export async function sourceName(source: string): Promise<string> {
  if (catalogAsset(source)) return source;
  if (isS3Uri(source)) {
    const { bucket, key } = parseS3Uri(source);
    return `s3://${bucket}/${key}`;
  }
  const path = resolve(source);
  // A file that is not here has no links to follow; reading it fails anyway.
  return realpath(path).catch(() => path);
}

/** `*` stands for any characters. A pattern that is a path is taken without dots, too. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
