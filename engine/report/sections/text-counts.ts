import type { FilterRule, TextCounts } from '../../../schemas/text-counts.ts';
import { FILTER_RULES } from '../../../schemas/text-counts.ts';
import { formatCount } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { scrollBox } from './section.ts';

/** What each rule of the filter removes. */
export const RULE_NAMES: Readonly<Record<FilterRule, string>> = {
  empty: 'empty',
  placeholder: 'with places that were not filled in',
  instruction: 'that repeat or answer their instruction',
  duplicate: 'equal to another text',
};

/**
 * How many texts were written, fell away, and ended by themselves; nothing for a run of a version that
 * did not count.
 */
export function textCounts({ textCounts, config, selection }: ReportData): Markup {
  const corpora = [
    { name: selection === undefined ? 'Synthetic' : 'Pool', counts: textCounts?.synthetic },
    { name: 'Zero-shot', counts: textCounts?.zeroShot },
  ].flatMap(({ name, counts }) => (counts === undefined ? [] : [{ name, counts }]));
  if (corpora.length === 0) return html``;
  const { filter, endAtSentence } = config.sampling;
  const rows: [string, (counts: TextCounts) => string][] = [
    ['asked for', ({ asked }) => formatCount(asked)],
    ['written', ({ drawn }) => formatCount(drawn)],
    ...(filter === undefined
      ? []
      : FILTER_RULES.map((rule): [string, (counts: TextCounts) => string] => [
          `removed: ${RULE_NAMES[rule]}`,
          ({ removed }) => formatCount(removed[rule]),
        ])),
    ['kept', ({ kept }) => formatCount(kept)],
    ['ended by the model itself', ({ ended, kept }) => shareOf(ended, kept)],
    ...(endAtSentence === true
      ? [
          [
            'cut, and ended at the last whole sentence',
            ({ shortened, kept }: TextCounts) => shareOf(shortened, kept),
          ] as [string, (counts: TextCounts) => string],
        ]
      : []),
  ];
  return scrollBox(
    'Texts written and kept',
    html`<table><caption>What became of the texts that the models wrote. Public rules (<code>sampling.filter</code>) remove texts; others are written in their place.</caption>
<thead><tr><th scope="col">Texts</th>${corpora.map(({ name }) => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
      ([name, of]) =>
        html`<tr><th scope="row">${name}</th>${corpora.map(({ counts }) => html`<td class="num">${of(counts)}</td>`)}</tr>`,
    )}</tbody></table>`,
  );
}

/** A share in whole percent. */
export function shareOf(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${Math.round((100 * part) / whole)}%`;
}
