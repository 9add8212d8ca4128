import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import type { ScoreRow, ScoreSource } from '../../../schemas/scores.ts';
import { formatEpsilon, formatInterval, formatMean } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { missingScores } from '../sections/results.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { classifierName } from './classifier-name.ts';
import { sourcesOf } from './sources-of.ts';

type Epsilon = ExperimentConfig['privacy']['epsilon'];

/**
 * Returns the table of the paper: training data by epsilon, for each corpus and kind of classifier. Null if
 * the runs have one epsilon and one kind. A cell without a number says why.
 */
export function pivotSection(runs: readonly ReportData[]): Section | null {
  const differ = (of: (data: ReportData) => unknown) => new Set(runs.map(of)).size > 1;
  if (!differ(({ config }) => config.privacy.epsilon) && !differ(({ config }) => config.classifier.kind))
    return null;
  const whys: string[] = [];
  const tables = grouped(runs).map(({ name, members }) => tableOf(name, members, whys));
  const notes = whys.map((why) => html`<li>${why}</li>`);
  return {
    id: 'pivot',
    title: 'By training data and epsilon',
    body: html`<p>Each cell gives balanced accuracy on the real test set (mean ± deviation over seeds), its interval and its run. Rows that do not depend on ε appear in every column that has a run with them.</p>
${tables}${notes.length === 0 ? '' : html`<ol class="notes">${notes}</ol>`}`,
  };
}

/** Groups the runs into tables, one per corpus and kind of classifier. */
function grouped(runs: readonly ReportData[]): { name: Markup; members: ReportData[] }[] {
  const groups = new Map<string, ReportData[]>();
  for (const data of runs) {
    const key = JSON.stringify([data.config.corpus.source, classifierName(data.config.classifier)]);
    groups.set(key, [...(groups.get(key) ?? []), data]);
  }
  return [...groups.values()].map((members) => {
    const { corpus, classifier } = members[0].config;
    return { name: html`${classifierName(classifier)}, <bdi>${corpus.source}</bdi>`, members };
  });
}

function tableOf(name: Markup, runs: readonly ReportData[], whys: string[]): Markup {
  const epsilons = [...new Set(runs.map(({ config }) => config.privacy.epsilon))].sort(byEpsilon);
  const table = html`<table class="runs pivot"><thead><tr><th scope="col">Trained on</th>${epsilons.map(
    (epsilon) => html`<th scope="col" class="num">${epsilonHead(epsilon)}</th>`,
  )}</tr></thead>
<tbody>${sourcesOf(runs).map(
    (row) =>
      html`<tr class="${row.source}"><th scope="row">${row.name}</th>${epsilons.map((epsilon) => {
        const column = runs.filter(({ config }) => config.privacy.epsilon === epsilon);
        return html`<td class="num">${cell(column, row.source, whys)}</td>`;
      })}</tr>`,
  )}</tbody></table>`;
  return html`<h3>${name}</h3>${scrollBox('Balanced accuracy by training data and epsilon', table)}`;
}

/**
 * Lists several runs at one epsilon below each other. Runs that share a row, such as the baselines of a
 * sweep, are listed once.
 */
function cell(column: readonly ReportData[], source: ScoreSource, whys: string[]): Markup {
  const entries = new Map<string, { shown: Markup; runs: string[]; isMissing: boolean }>();
  for (const { scores, run, ...data } of column) {
    const row = scores?.rows.find((candidate) => candidate.source === source);
    const key = JSON.stringify(row ?? null);
    const entry = entries.get(key) ?? { ...entryOf({ ...data, run, scores }, row, source, whys), runs: [] };
    entry.runs.push(run);
    entries.set(key, entry);
  }
  return html`${[...entries.values()].map(({ shown, runs, isMissing }) => {
    const others = runs.length > 1 ? ` and ${runs.length - 1} more` : '';
    return html`<span class="entry${isMissing ? ' gap' : ''}">${shown}<small><bdi>${runs[0]}</bdi>${others}</small></span>`;
  })}`;
}

function entryOf(
  data: ReportData,
  row: ScoreRow | undefined,
  source: ScoreSource,
  whys: string[],
): { shown: Markup; isMissing: boolean } {
  if (row !== undefined) {
    const mean = formatMean(row.mean.balancedAccuracy, row.deviation.balancedAccuracy);
    const interval = formatInterval(row.intervals.balancedAccuracy);
    return { shown: html`${mean}<small>${interval}</small>`, isMissing: false };
  }
  const why = data.scores === null ? missingScores(data) : whyMissing(data.scores.missing, source);
  if (!whys.includes(why)) whys.push(why);
  return { shown: html`missing <sup>${whys.indexOf(why) + 1}</sup>`, isMissing: true };
}

function whyMissing(missing: NonNullable<ReportData['scores']>['missing'], source: ScoreSource): string {
  return missing.find((entry) => entry.source === source)?.why ?? 'not part of this run';
}

function epsilonHead(epsilon: Epsilon): string {
  return epsilon === 'none' ? formatEpsilon(epsilon) : `ε = ${formatEpsilon(epsilon)}`;
}

function byEpsilon(a: Epsilon, b: Epsilon): number {
  if (a === b) return 0;
  if (a === 'none') return 1;
  return b === 'none' ? -1 : a - b;
}
