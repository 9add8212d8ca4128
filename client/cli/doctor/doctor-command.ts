import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('check this machine, Temporal and the store, and say what to fix')
    .option('--home <folder>', 'the folder to check (default: DPSYNTH_HOME, else .dpsynth)')
    .option(...JSON_OPTION)
    .action(doctor);
}

async function doctor(options: { home?: string; json?: boolean }): Promise<void> {
  const { inspectEnvironment } = await import('../../../storage/assets/environment.ts');
  const { checkGpu, checkStore, checkTemporalServer } = await import('./doctor-checks.ts');
  const checks = (
    await Promise.all([
      inspectEnvironment(),
      checkGpu(),
      checkTemporalServer(options.home),
      checkStore(options.home),
    ])
  ).flat();
  const broken = checks.filter((check) => !check.ok);
  if (broken.length > 0) process.exitCode = 1;
  if (options.json) {
    console.log(JSON.stringify({ ok: broken.length === 0, checks }));
    return;
  }
  const { colorsFor } = await import('../terminal/colors-for.ts');
  const colors = colorsFor(process.stdout);
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, ok, detail, fix } of checks) {
    console.log(`${ok ? colors.green('✔') : colors.red('✖')} ${name.padEnd(width)}  ${detail}`);
    if (!ok && fix !== undefined) console.log(`  ${' '.repeat(width)}  ${colors.yellow(`Fix: ${fix}`)}`);
  }
  console.log(
    broken.length === 0
      ? '\nEverything is installed.'
      : `\n${broken.length} of ${checks.length} checks failed.`,
  );
}
