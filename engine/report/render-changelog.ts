import type { PublishedVersion } from '../../schemas/resynthesis.ts';
import type { Metrics } from '../../schemas/scores.ts';

const METRICS: Record<keyof Metrics, string> = {
  accuracy: 'Accuracy',
  balancedAccuracy: 'Balanced accuracy',
  macroF1: 'Macro-F1',
};
const RECORDS = {
  full: 'Made from all records. Its privacy loss adds to that of every other version made from the same records.',
  incremental:
    'Made from records that no earlier version used and no later incremental version will use. Each record is in only one incremental version.',
};

/**
 * Returns the versions of a release in Markdown, newest first. Each is compared with the previous one by its
 * public numbers.
 */
export function renderChangelog(params: { release: string; versions: readonly PublishedVersion[] }): string {
  const { release, versions } = params;
  const sections = versions.map((version, i) => section(version, versions[i - 1]));
  return `${[`# ${release}`, ...sections.reverse()].join('\n\n')}\n`;
}

function section(now: PublishedVersion, before: PublishedVersion | undefined): string {
  return [
    `## Version ${now.version}, ${now.publishedAt.slice(0, 10)}`,
    `Run \`${now.run}\`. ${RECORDS[now.mode]}`,
    now.statement,
    table(now, before),
  ].join('\n\n');
}

function table(now: PublishedVersion, before: PublishedVersion | undefined): string {
  const row = (
    name: string,
    of: (version: PublishedVersion) => number | null | undefined,
    digits: number,
  ) => {
    const [a, b] = [of(now), before && of(before)];
    const isBoth = typeof a === 'number' && typeof b === 'number';
    return `| ${name} | ${text(a, digits)} | ${text(b, digits)} | ${isBoth ? signed(a - b, digits) : ''} |`;
  };
  const scores = Object.entries(METRICS).map(([metric, name]) =>
    row(name, ({ scores }) => scores?.[metric as keyof Metrics], 3),
  );
  return [
    `| | Version ${now.version} | ${before ? `Version ${before.version}` : 'No earlier version'} | Change |`,
    '| --- | --- | --- | --- |',
    row('Epsilon', ({ epsilon }) => epsilon, 2),
    row('Synthetic records', ({ syntheticRecords }) => syntheticRecords, 0),
    ...(now.scores === null ? [] : scores),
  ].join('\n');
}

function text(value: number | null | undefined, digits: number): string {
  return typeof value === 'number' ? value.toFixed(digits) : '';
}

function signed(value: number, digits: number): string {
  const shown = value.toFixed(digits);
  return value > 0 ? `+${shown}` : shown;
}
