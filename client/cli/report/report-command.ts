import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';
import type { ReportOptions } from './write-report.ts';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('write the report of a finished run again, or one page that compares several runs')
    .argument('<runs...>', 'ids of runs; the run of a variant is named SWEEP-VARIANT')
    .option('--release', 'include only what may be published')
    .option('--out <file>', 'the HTML file to write; an existing file is replaced', 'dpsynth-report.html')
    .option('--home <folder>', 'the folder that keeps the state (default: DPSYNTH_HOME, else .dpsynth)')
    .option(...JSON_OPTION)
    .action(report);
}

async function report(runs: string[], options: ReportOptions): Promise<void> {
  const { writeReport } = await import('./write-report.ts');
  await writeReport({ runs, options });
}
