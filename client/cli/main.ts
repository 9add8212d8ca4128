import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addAccountCommand } from './commands/account.ts';
import { addAssetsCommand } from './commands/assets.ts';
import { addCancelCommand } from './commands/cancel.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEmbedCommand } from './commands/embed.ts';
import { addExportCommand } from './commands/export.ts';
import { addForgetCommand } from './commands/forget.ts';
import { addInitCommand } from './commands/init.ts';
import { addLedgerCommand } from './commands/ledger.ts';
import { addListCommand } from './commands/list.ts';
import { addMauveCommand } from './commands/mauve.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommand } from './commands/run.ts';
import { addScheduleCommand } from './commands/schedule.ts';
import { addSchemaCommand } from './commands/schema.ts';
import { addScoreCommand } from './commands/score.ts';
import { addSweepCommand } from './commands/sweep.ts';
import { addUpCommand } from './commands/up.ts';
import { addWorkerCommand } from './commands/worker.ts';
import { ExitCode, reportError } from './report-error.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('dpsynth')
  .description('Turns a private, labelled text corpus into a differentially private synthetic corpus.')
  .version(version, '--version', 'the version of this program')
  .showHelpAfterError('(dpsynth COMMAND --help lists the options)')
  .exitOverride();

for (const add of [
  addInitCommand,
  addRunCommand,
  addSweepCommand,
  addScheduleCommand,
  addListCommand,
  addCancelCommand,
  addForgetCommand,
  addReportCommand,
  addUpCommand,
  addPlanCommand,
  addAccountCommand,
  addLedgerCommand,
  addPolicyCommand,
  addScoreCommand,
  addMauveCommand,
  addEmbedCommand,
  addExportCommand,
  addSchemaCommand,
  addAssetsCommand,
  addWorkerCommand,
  addDoctorCommand,
])
  add(program);

// A reader that goes away early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    const help = error.exitCode === 0 || error.code === 'commander.help';
    process.exitCode = help ? ExitCode.ok : ExitCode.usage;
    if (!help && process.argv.includes('--json'))
      console.log(
        JSON.stringify({ error: { type: 'Usage', message: error.message.replace(/^error: /, '') } }),
      );
  } else {
    process.exitCode = await reportError(error, { json: process.argv.includes('--json') });
  }
}
