import type { ProxySource } from '../../../schemas/evaluations/proxies.ts';
import { formatCount, formatNumber } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { listProxies, type NamedProxy } from '../proxy-list.ts';
import type { ReportData } from '../report-data.ts';
import { SOURCES, syntheticName } from '../words.ts';
import { type Section, scrollBox } from './section.ts';

const MEANS: Record<ProxySource, string> = {
  'zero-shot': 'texts of the model before fine-tuning',
  synthetic: 'texts of the fine-tuned model',
  real: 'the training records themselves (the ceiling)',
};

/**
 * Returns the proxies of each corpus side by side. The private version adds those of real training records as
 * the ceiling.
 */
export function proxiesSection(data: ReportData): Section | null {
  const { proxies, config } = data;
  if (proxies === undefined) return null;
  const shown = SOURCES.flatMap(({ source, name }) => {
    const corpus = proxies.corpora.find((one) => one.source === source);
    const title = source === 'synthetic' ? syntheticName(config.privacy.epsilon) : name;
    return corpus === undefined ? [] : [{ corpus, title, list: listProxies(corpus) }];
  });
  const first = shown[0]?.list ?? [];
  const table = html`<table class="results">
<thead><tr><th scope="col">Proxy</th><th scope="col">Better</th>${shown.map(
    ({ title, corpus }) =>
      html`<th scope="col" class="num">${title}<small>${formatCount(corpus.records)} texts</small></th>`,
  )}</tr></thead>
<tbody>${first.map(
    ({ name, better }) =>
      html`<tr><th scope="row">${name}</th><td>${better}</td>${shown.map(({ list }) =>
        cell(list.find((one) => one.name === name)),
      )}</tr>`,
  )}</tbody></table>`;
  const missing = proxies.missing.map(
    ({ source, why }) =>
      html`<li>${SOURCES.find((one) => one.source === source)?.name}: <span class="why">missing: ${why}</span></li>`,
  );
  return {
    id: 'proxies',
    title: 'Proxies',
    body: html`<p>Cheap measures that hint at accuracy: how similar each corpus is to the real test records. Compare numbers within this table only, not with numbers from elsewhere.</p>
${withheldOrPrivate(data)}${shown.length === 0 ? '' : scrollBox('Proxies of each corpus', table)}
<ul class="note">${shown.map(({ title, corpus }) => html`<li>${title}: ${MEANS[corpus.source]}${comparedWith(corpus.againstReal?.records)}</li>`)}${missing}</ul>`,
  };
}

function comparedWith(records: number | undefined): string {
  return records === undefined ? '' : `, compared with ${formatCount(records)} real test records`;
}

function cell(proxy: NamedProxy | undefined): Markup {
  if (proxy === undefined) return html`<td class="num gap">withheld</td>`;
  const { measure, deviation } = proxy;
  if (measure.value === null)
    return html`<td class="num gap">not defined<small class="because">${measure.because}</small></td>`;
  const spread = deviation === null || deviation === undefined ? '' : ` ± ${deviation.toFixed(3)}`;
  return html`<td class="num">${formatNumber(measure.value)}${spread}</td>`;
}

function withheldOrPrivate({ version, config }: ReportData): Markup {
  if (version === 'private')
    return html`<p class="warning">Not private: every number here comes from real records, except those of the synthetic texts alone. Do not share them.</p>`;
  return config.corpus.testSetIsPublic
    ? html``
    : html`<p class="note">The test set is private, so only numbers computed from the texts alone are released.</p>`;
}
