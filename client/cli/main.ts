import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addAssetsCommand } from './assets/assets-command.ts';
import { addExportCommand } from './assets/export-command.ts';
import { addSchemaCommand } from './config/schema-command.ts';
import { addDoctorCommand } from './doctor/doctor-command.ts';
import { addInitCommand } from './init/init-command.ts';
import { addLedgerCommand } from './ledger/ledger-command.ts';
import { addAccountCommand } from './plan/account-command.ts';
import { addPlanCommand } from './plan/plan-command.ts';
import { addPolicyCommand } from './policy/policy-command.ts';
import { addReportCommand } from './report/report-command.ts';
import { addRunCommand } from './run/run-command.ts';
import { addCancelCommand } from './runs/cancel-command.ts';
import { addForgetCommand } from './runs/forget-command.ts';
import { addListCommand } from './runs/list-command.ts';
import { addScheduleCommand } from './schedule/schedule-command.ts';
import { addUpCommand } from './server/up-command.ts';
import { addWorkerCommand } from './server/worker-command.ts';
import { addSweepCommand } from './sweep/sweep-command.ts';
import { ExitCode, reportError } from './terminal/report-error.ts';
import { addEmbedCommand } from './texts/embed-command.ts';
import { addMauveCommand } from './texts/mauve-command.ts';
import { addScoreCommand } from './texts/score-command.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('dpsynth')
  .description('Turns a private, labelled text corpus into a differentially private synthetic corpus.')
  .version(version, '--version', 'print the version of dpsynth')
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

// A reader that stops early (`| head`) is not an error.
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
