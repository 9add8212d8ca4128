import type { ReportInput } from '../../schemas/activities.ts';
import { corpusProxiesSchema, type Proxies } from '../../schemas/proxies.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';

/** The proxies of every corpus that could be measured, and why the others are missing. undefined where none were asked for. */
export async function collectProxies(params: {
  store: ArtifactStore;
  input: ReportInput;
}): Promise<Proxies | undefined> {
  const { store, input } = params;
  if (input.proxies === undefined) return undefined;
  const proxies: Proxies = { corpora: [], missing: [] };
  for (const { source, proxies: ref, why } of input.proxies) {
    if (ref === null) proxies.missing.push({ source, why: why ?? 'not measured' });
    else proxies.corpora.push(await store.readJson(ref, corpusProxiesSchema));
  }
  return proxies;
}
