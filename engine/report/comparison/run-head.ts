import { formatEpsilon } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';

/** Returns the head of a run's line in every table: its id with its epsilon below. */
export function runHead({ run, config }: ReportData): Markup {
  const { epsilon } = config.privacy;
  const privacy = epsilon === 'none' ? formatEpsilon(epsilon) : `ε = ${formatEpsilon(epsilon)}`;
  return html`<th scope="row"><bdi>${run}</bdi><small>${privacy}</small></th>`;
}
