import { formatTime } from './format.ts';
import { headline, keyNumbers } from './headline.ts';
import { html, type Markup, trusted } from './html.ts';
import type { ReportData } from './report-data.ts';
import { costSection } from './sections/cost.ts';
import { perClassSection } from './sections/per-class.ts';
import { privacySection } from './sections/privacy.ts';
import { configSection, lineageSection } from './sections/provenance.ts';
import { resultsSection } from './sections/results.ts';
import { samplesSection } from './sections/samples.ts';
import { renderSection } from './sections/section.ts';
import { signalSection } from './sections/signal.ts';
import { trainingSection } from './sections/training-curve.ts';
import { STYLES } from './styles.ts';
import { toRelease } from './to-release.ts';

// The page may load nothing and run nothing, whatever a text in it says.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * One self-contained HTML page: no script, no request, readable on a phone, in the dark, in print and by screen
 * readers. With `version: 'release'` the data first go through `toRelease`, so nothing private can be drawn.
 */
export function renderReport(params: ReportData): string {
  const data = params.version === 'release' ? toRelease(params) : params;
  const sections = [
    resultsSection(data),
    samplesSection(data),
    perClassSection(data),
    privacySection(data),
    signalSection(data),
    trainingSection(data),
    costSection(data),
    lineageSection(data),
    configSection(data),
  ].filter((section) => section !== null);
  const page = html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${data.config.name}: dpsynth report</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLES)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
<header>
${ribbon(data)}
<p class="kicker">dpsynth report</p>
<h1 dir="auto">${data.config.name}</h1>
<p class="headline">${headline(data)}</p>
${keyNumbers(data)}
<p class="meta">Run <code>${data.run}</code> · <time datetime="${data.createdAt}">${formatTime(data.createdAt)}</time> · model <bdi>${data.config.model}</bdi> · corpus <bdi>${data.config.corpus.source}</bdi></p>
</header>
<nav aria-label="Sections"><ol>${sections.map(
    (section) => html`<li><a href="#${section.id}">${section.title}</a></li>`,
  )}</ol></nav>
<main>
${sections.map((section, index) => renderSection(section, index + 1))}
</main>
</body>
</html>
`;
  return page.markup;
}

function ribbon(data: ReportData): Markup {
  return data.version === 'private'
    ? html`<p class="ribbon private"><strong>Private version.</strong> Holds numbers computed from private records. Do not share.</p>`
    : html`<p class="ribbon release"><strong>Release version.</strong> Holds only what may be published.</p>`;
}
