import type { EvaluationStage } from '../../schemas/evaluations/index.ts';
import { formatTime } from './format.ts';
import { headline, keyNumbers } from './headline.ts';
import { html } from './html.ts';
import { renderPage, ribbon } from './page.ts';
import type { ReportData } from './report-data.ts';
import { amountsSection } from './sections/amounts.ts';
import { costSection } from './sections/cost.ts';
import { perClassSection } from './sections/per-class.ts';
import { privacySection } from './sections/privacy.ts';
import { configSection, lineageSection } from './sections/provenance.ts';
import { proxiesSection } from './sections/proxies.ts';
import { resultsSection } from './sections/results.ts';
import { samplesSection } from './sections/samples.ts';
import type { Section } from './sections/section.ts';
import { selectionSection } from './sections/selection.ts';
import { signalSection } from './sections/signal.ts';
import { textsSection } from './sections/texts.ts';
import { trainingSection } from './sections/training-curve.ts';
import { tuningSection } from './sections/tuning.ts';
import { toRelease } from './to-release.ts';

/**
 * Sections of the evaluation stages, in the order of the page. Those of `classify` are the results;
 * comparisons of runs show `heldOut`.
 */
const EVALUATIONS: Record<
  Exclude<EvaluationStage, 'classify' | 'heldOut'>,
  (data: ReportData) => Section | null
> = { amounts: amountsSection, tuning: tuningSection, proxies: proxiesSection };

/**
 * Returns one self-contained HTML page with no script and no request. It suits phones, dark mode, print and
 * screen readers. With `version: 'release'` the data first go through `toRelease`, so nothing private can
 * appear.
 */
export function renderReport(params: ReportData): string {
  const data = params.version === 'release' ? toRelease(params) : params;
  const sections = [
    resultsSection(data),
    samplesSection(data),
    selectionSection(data),
    perClassSection(data),
    ...Object.values(EVALUATIONS).map((section) => section(data)),
    textsSection(data),
    privacySection(data),
    signalSection(data),
    trainingSection(data),
    costSection(data),
    lineageSection(data),
    configSection(data),
  ].filter((section) => section !== null);
  return renderPage({
    title: `${data.config.name}: dpsynth report`,
    header: html`${ribbon(data.version)}
<p class="kicker">dpsynth report</p>
<h1 dir="auto">${data.config.name}</h1>
<p class="headline">${headline(data)}</p>
${keyNumbers(data)}
<p class="meta">Run <code>${data.run}</code> · <time datetime="${data.createdAt}">${formatTime(data.createdAt)}</time> · model <bdi>${data.config.model}</bdi> · corpus <bdi>${data.config.corpus.source}</bdi></p>`,
    sections,
  });
}
