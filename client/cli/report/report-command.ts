import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';
import type { ReportOptions } from './write-report.ts';

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('make the report of a finished run again, or one page that compares several')
    .argument('<runs...>', 'ids of runs; variants of a sweep are called SWEEP-VARIANT')
    .option('--release', 'only what may be published')
    .option('--out <file>', 'the HTML file to write; one that exists is replaced', 'dpsynth-report.html')
    .option('--home <folder>', 'where state is kept (default: DPSYNTH_HOME, else .dpsynth)')
    .option(...JSON_OPTION)
    .action(report);
}

async function report(runs: string[], options: ReportOptions): Promise<void> {
  const { writeReport } = await import('./write-report.ts');
  await writeReport({ runs, options });
}
