import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Colors } from 'picocolors/types.js';
import type { ExperimentResult } from '../../../schemas/experiment-state.ts';
import type { Outcome } from '../../experiment/read-outcome.ts';
import { pickRecords, recordLines } from './sample-records.ts';
import { differenceLine, scoreTable } from './score-table.ts';

const RECORDS_SHOWN = 8;

/** Returns the JSON result of a run for programs. It contains private scores only if the outcome does. */
export function resultJson(params: { result: ExperimentResult; outcome: Outcome; uiLink: string | null }) {
  const { result, outcome, uiLink } = params;
  const { scores, internal, counts } = outcome;
  return {
    run: result.run,
    report: result.report.uri,
    release: result.release?.uri ?? null,
    records: counts,
    scores,
    internal,
    statement: result.statement,
    ui: uiLink,
  };
}

/**
 * Returns what a person sees at the end of a run: scores, some synthetic records, the privacy
 * statement and links.
 */
export function resultText(params: {
  result: ExperimentResult;
  outcome: Outcome;
  labels: string[];
  uiLink: string | null;
  colors: Colors;
  columns: number;
}): string {
  const { result, outcome, labels, uiLink, colors, columns } = params;
  const { scores, records } = outcome;
  const lines: string[] = [''];
  if (scores === null)
    lines.push(
      colors.yellow(
        outcome.isCut
          ? 'The scores are private and this is not a terminal, so they are only in the report. --private-scores prints them here.'
          : 'The scores are in the report. The store cannot be read from this machine.',
      ),
    );
  else {
    const percent = Math.round(scores.confidence * 100);
    lines.push(
      `Scores on ${scores.testRecords.toLocaleString('en-US')} real test records, with ${percent}% intervals`,
      scoreTable({ scores, internal: outcome.internal, colors }),
    );
    const differences = differenceLine(scores);
    if (differences !== null) lines.push(differences);
    if (outcome.internal.length > 0)
      lines.push(
        colors.yellow('* internal, do not share: computed from private records outside the DP mechanism'),
      );
    if (outcome.isCut)
      lines.push(
        colors.yellow('Internal rows are only in the report. --private-scores prints them here too.'),
      );
  }
  if (records !== null && records.length > 0) {
    const picked = pickRecords({ records, labels, count: RECORDS_SHOWN });
    lines.push(
      '',
      `${picked.length} of ${records.length.toLocaleString('en-US')} synthetic records`,
      ...recordLines({ records: picked, columns, colors }),
    );
  }
  const links: [string, string][] = [
    ['Report', place(result.report.uri)],
    ...(result.release === null
      ? []
      : [['Release', folderOf(result.release.uri)] satisfies [string, string]]),
    ...(uiLink === null ? [] : [['Temporal UI', uiLink] satisfies [string, string]]),
  ];
  lines.push('', `${colors.bold('Privacy')}  ${result.statement}`, '');
  lines.push(...links.map(([name, link]) => `${colors.bold(name.padEnd(12))}${link}`), '');
  return lines.join('\n');
}

/** Turns a file URI into a path that can be clicked; other URIs stay as they are. */
function place(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

function folderOf(uri: string): string {
  return uri.startsWith('file:') ? dirname(fileURLToPath(uri)) : uri.slice(0, uri.lastIndexOf('/'));
}
