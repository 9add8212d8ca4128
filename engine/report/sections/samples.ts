import type { LabelledText } from '../../../schemas/records.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import type { Section } from './section.ts';

const WRITTEN = 'The model wrote all of these texts. No private record is shown.';
const NO_PRIVACY =
  'The model wrote all of these texts. It was trained without privacy, so they may repeat private records.';

/** Returns texts by label, of the fine-tuned model beside those of the base model. Never a real record. */
export function samplesSection(data: ReportData): Section {
  const { synthetic, zeroShot } = data.samples;
  const labels = data.config.corpus.labels.filter((label) =>
    [...synthetic, ...zeroShot].some((record) => record.label === label),
  );
  const body =
    labels.length === 0
      ? html`<p class="note">There are no sample records.</p>`
      : html`<p>${data.config.privacy.epsilon === 'none' ? NO_PRIVACY : WRITTEN}</p>
${labels.map((label, index) => byLabel(label, synthetic, zeroShot, index === 0))}`;
  return { id: 'samples', title: 'Sample records', body };
}

function byLabel(
  label: string,
  synthetic: readonly LabelledText[],
  zeroShot: readonly LabelledText[],
  open: boolean,
): Markup {
  const tuned = synthetic.filter((record) => record.label === label);
  const untuned = zeroShot.filter((record) => record.label === label);
  return html`<details class="samples"${open ? html` open` : ''}><summary><bdi>${label}</bdi> <span class="count">${
    tuned.length
  } synthetic, ${untuned.length} zero-shot</span></summary>
<div class="pair">${column('Synthetic', tuned, 'synthetic')}${column('Zero-shot', untuned, 'zero-shot')}</div></details>`;
}

function column(title: string, records: readonly LabelledText[], kind: string): Markup {
  const texts =
    records.length === 0
      ? html`<p class="note">none shown</p>`
      : html`<ul>${records.map((record) => text(record.text))}</ul>`;
  return html`<div class="${kind}"><h3>${title}</h3>${texts}</div>`;
}

function text(content: string): Markup {
  return content.trim() === ''
    ? html`<li class="note">(empty text)</li>`
    : html`<li dir="auto">${content}</li>`;
}
