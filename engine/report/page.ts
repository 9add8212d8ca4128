import { html, type Markup, trusted } from './html.ts';
import type { ReportData } from './report-data.ts';
import { renderSection, type Section } from './sections/section.ts';
import { STYLES } from './styles.ts';

// The page must load nothing and run nothing, whatever a text in it contains.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Returns one self-contained HTML page of numbered sections, with no script and no request. */
export function renderPage(params: { title: string; header: Markup; sections: readonly Section[] }): string {
  const { title, header, sections } = params;
  const page = html`${trusted('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLES)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
<header>
${header}
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

/** Returns the banner that says whether a page may be shared. */
export function ribbon(version: ReportData['version']): Markup {
  return version === 'private'
    ? html`<p class="ribbon private"><strong>Private version.</strong> Contains numbers computed from private records. Do not share.</p>`
    : html`<p class="ribbon release"><strong>Release version.</strong> Contains only what may be published.</p>`;
}
