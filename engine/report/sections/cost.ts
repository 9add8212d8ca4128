import { formatBytes, formatSeconds, NOT_DEFINED } from '../format.ts';
import { html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from './section.ts';

/** Returns time and peak memory of each stage. */
export function costSection(data: ReportData): Section | null {
  if (data.stages.length === 0) return null;
  const total = data.stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const left =
    data.version === 'release'
      ? html`<p class="note">Stages that read private records are left out, because their time depends on those records.</p>`
      : '';
  const table = html`<table><thead><tr><th scope="col">Stage</th><th scope="col" class="num">Time</th><th scope="col" class="num">Peak memory</th></tr></thead>
<tbody>${data.stages.map(
    (stage) =>
      html`<tr><th scope="row">${stage.stage}</th><td class="num">${formatSeconds(
        stage.seconds,
      )}${stage.cached ? html`<small>${stage.cached} from the cache</small>` : ''}</td><td class="num">${stage.peakRssBytes === undefined ? NOT_DEFINED : formatBytes(stage.peakRssBytes)}</td></tr>`,
  )}</tbody>
<tfoot><tr><th scope="row">Total</th><td class="num">${formatSeconds(total)}</td><td></td></tr></tfoot></table>`;
  return { id: 'cost', title: 'Cost', body: html`${left}${scrollBox('Cost of each stage', table)}` };
}
