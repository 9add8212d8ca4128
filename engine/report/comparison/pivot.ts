import type { ExperimentConfig } from '../../../schemas/experiment.ts';
import type { ScoreSource } from '../../../schemas/scores.ts';
import { formatEpsilon, formatInterval, formatMean } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { missingScores } from '../sections/results.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { SOURCES } from '../words.ts';
import { classifierName } from './classifier-name.ts';

type Epsilon = ExperimentConfig['privacy']['epsilon'];

/**
 * The table of the paper: what the classifier was trained on by epsilon, for each corpus and kind of classifier. Null where the runs
 * differ in neither. A cell without a number says why.
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
    body: html`<p>Balanced accuracy on the real test set, mean ± deviation over seeds, with the interval and the run it comes from. Rows that do not depend on ε stand in every column where a run has them.</p>
${tables}${notes.length === 0 ? '' : html`<ol class="notes">${notes}</ol>`}`,
  };
}

/** Runs over one corpus with one kind of classifier are one table. */
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
<tbody>${SOURCES.map(
    (row) =>
      html`<tr class="${row.source}"><th scope="row">${row.name}</th>${epsilons.map((epsilon) => {
        const column = runs.filter(({ config }) => config.privacy.epsilon === epsilon);
        return html`<td class="num">${column.map((data) => cell(data, row.source, whys))}</td>`;
      })}</tr>`,
  )}</tbody></table>`;
  return html`<h3>${name}</h3>${scrollBox('Balanced accuracy by training data and epsilon', table)}`;
}

/** Several runs of one epsilon stand one below the other. */
function cell(data: ReportData, source: ScoreSource, whys: string[]): Markup {
  const { scores, run } = data;
  const row = scores?.rows.find((candidate) => candidate.source === source);
  if (row !== undefined)
    return html`<span class="entry">${formatMean(row.mean.balancedAccuracy, row.deviation.balancedAccuracy)}<small>${formatInterval(row.intervals.balancedAccuracy)}</small><small><bdi>${run}</bdi></small></span>`;
  const why = scores === null ? missingScores(data) : whyMissing(scores.missing, source);
  if (!whys.includes(why)) whys.push(why);
  return html`<span class="entry gap">missing <sup>${whys.indexOf(why) + 1}</sup><small><bdi>${run}</bdi></small></span>`;
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
