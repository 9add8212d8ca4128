import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { runHead } from './run-head.ts';

/** Returns the settings that differ between runs and may explain different scores. Null for a single run. */
export function differencesSection(runs: readonly ReportData[]): Section | null {
  if (runs.length < 2) return null;
  // The name differs in every run and is already the head of the line.
  const settings = runs.map(({ config: { name: _, ...config } }) => leaves(config));
  const names = [...new Set(settings.flatMap((all) => [...all.keys()]))].filter(
    (name) => new Set(settings.map((all) => all.get(name))).size > 1,
  );
  const table = html`<table class="runs settings"><thead><tr><th scope="col">Run</th>${names.map((name) => html`<th scope="col"><code>${broken(name)}</code></th>`)}</tr></thead>
<tbody>${runs.map((data, i) => html`<tr>${runHead(data)}${names.map((name) => html`<td>${settings[i].get(name) ?? '–'}</td>`)}</tr>`)}</tbody></table>`;
  return {
    id: 'settings',
    title: 'Settings that differ',
    body:
      names.length === 0
        ? html`<p class="note">The runs have the same settings.</p>`
        : scrollBox('Settings that differ', table),
  };
}

/** Allows a line break after each dot of a path. */
function broken(name: string): Markup {
  const parts = name.split('.');
  return html`${parts.map((part, i) => (i === parts.length - 1 ? part : html`${part}.<wbr>`))}`;
}

/**
 * Returns every value inside an object by its path, such as `training.adapter.rank`. Lists count as values.
 */
function leaves(value: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => {
      const name = path === '' ? key : `${path}.${key}`;
      return inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? [...leaves(inner, name)]
        : [[name, typeof inner === 'string' ? inner : JSON.stringify(inner)] as [string, string]];
    }),
  );
}
