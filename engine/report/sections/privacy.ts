import { html, type Markup } from '../html.ts';
import type { ReportData } from '../report-data.ts';
import { factList, type Section } from './section.ts';

/** Returns the full privacy statement, its facts, and what it does not cover. */
export function privacySection(data: ReportData): Section {
  const paragraphs = data.statement.long.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  return {
    id: 'privacy',
    title: 'Privacy',
    body: html`<p class="lead">${data.statement.line}</p>${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
${factList(listedFacts(data))}
<h3>What the guarantee does not cover</h3>${notPrivate(data)}`,
  };
}

const LONG = 36;

/** Leaves out long facts that the paragraphs already state word for word. */
function listedFacts({ statement }: ReportData): ReportData['statement']['facts'] {
  return statement.facts.filter(([, value]) => value.length <= LONG || !statement.long.includes(value));
}

/** Returns what lies outside the guarantee, for this version of the page. */
export function outsideTheGuarantee(data: ReportData): string[] {
  const { corpus, privacy } = data.config;
  const declared = [
    'Pretraining of the language model. If it included the private records, epsilon does not cover that. It probably included well-known public corpora.',
    'The label set, the number of training records and every setting in the configuration. They are treated as public; settings chosen by looking at private data outside the budget are not covered.',
    corpus.testSetIsPublic
      ? 'The test set: the configuration declares it public, so its scores may be published.'
      : 'The test set: scores on it are not private, so they stay in the private version.',
  ];
  const internal =
    data.version === 'private'
      ? [
          'This page. It contains scores, training losses, times and digests computed from private records outside the mechanism. Share the release version instead.',
        ]
      : [];
  const none =
    privacy.epsilon === 'none'
      ? [
          'The fine-tuning itself: this run has no differential privacy, and its texts may repeat private records.',
        ]
      : [];
  return [...none, ...internal, ...declared];
}

function notPrivate(data: ReportData): Markup {
  return html`<ul>${outsideTheGuarantee(data).map((line) => html`<li>${line}</li>`)}</ul>`;
}
