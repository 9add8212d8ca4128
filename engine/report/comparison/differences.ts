import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { type Section, scrollBox } from '../sections/section.ts';
import { runHead } from './run-head.ts';

/** The settings in which the runs differ: what a difference of scores may come from. Null for one run. */
export function differencesSection(runs: readonly ReportData[]): Section | null {
  if (runs.length < 2) return null;
  // The name is the run's, which stands before the line.
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

/** A path that may be broken after its dots. */
function broken(name: string): Markup {
  const parts = name.split('.');
  return html`${parts.map((part, i) => (i === parts.length - 1 ? part : html`${part}.<wbr>`))}`;
}

/** Every value below an object by its path, such as `training.adapter.rank`. Lists are values. */
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
