import { formatBytes, formatCount } from '../format.ts';
import { html } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from './section.ts';

/** Returns the artifacts behind this page, with their digests. */
export function lineageSection(data: ReportData): Section | null {
  if (data.lineage.length === 0) return null;
  const table = html`<table class="lineage"><thead><tr><th scope="col">Artifact</th><th scope="col">Area</th><th scope="col" class="num">Rows</th><th scope="col" class="num">Size</th><th scope="col">SHA-256 and address</th></tr></thead>
<tbody>${data.lineage.map(
    ({ name, area, ref }) =>
      html`<tr><th scope="row">${name}</th><td>${area}</td><td class="num">${
        ref.rows === undefined ? '–' : formatCount(ref.rows)
      }</td><td class="num">${formatBytes(ref.bytes)}</td><td><code>${ref.sha256}</code><small>${ref.uri}</small></td></tr>`,
  )}</tbody></table>`;
  return { id: 'lineage', title: 'Lineage', body: scrollBox('Artifacts', table) };
}

/** Returns the whole configuration with its defaults filled in, ready for `dpsynth run`. */
export function configSection(data: ReportData): Section {
  return {
    id: 'configuration',
    title: 'Configuration',
    body: html`<p>All defaults are filled in. Save it as a file and pass it to <code>dpsynth run</code> to repeat the experiment.</p>
<pre tabindex="0" aria-label="Configuration">${JSON.stringify(data.config, null, 2)}</pre>
<p class="note">dpsynth ${data.codeVersion}</p>`,
  };
}
