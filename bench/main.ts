import { Argument, Command, Option } from 'commander';
import { integerArgument, JSON_OPTION } from '../client/cli/terminal/options.ts';
import { precisionSchema } from '../schemas/settings/training.ts';
import { benchFinetune, type FinetuneOptions } from './finetune.ts';
import { benchGenerate, type GenerateOptions } from './generate.ts';
import { benchMauve, type MauveOptions, mauveText } from './mauve.ts';
import { type Bench, withBench } from './prepare.ts';
import type { ProfileOptions } from './profile.ts';
import { profileText } from './profile-text.ts';
import { type BenchResult, resultText } from './result.ts';
import { benchSweep, type SweepBenchOptions, sweepText } from './sweep/bench-sweep.ts';

const program = new Command('npm run bench --').description(
  'Measures our engine against PyTorch, PEFT, Opacus and transformers on this machine.',
);
/** Of our side. The peer computes in float32, and so do the strict checks of what both compute. */
const precisionOption = () =>
  new Option('--precision <name>', 'of our products with frozen matrices')
    .choices(precisionSchema.options)
    .default('float32');
const ROUNDS = ['--rounds <count>', 'runs of each side, in alternation', integerArgument, 3] as const;

program
  .command('finetune')
  .description('DP-LoRA fine-tuning, in records/s')
  .option(...ROUNDS)
  .option('--updates <count>', 'measured updates a run', integerArgument, 1)
  .option('--batch <size>', 'expected batch size of a Poisson draw', integerArgument, 256)
  .option('--micro-batch <size>', "physical, of both sides (default: the peer's best)", integerArgument)
  .addOption(precisionOption())
  .option(...JSON_OPTION)
  .action((options: FinetuneOptions & { json?: boolean }) => report(options, benchFinetune));

program
  .command('generate')
  .description('sampling, in useful tokens/s')
  .option(...ROUNDS)
  .option('--texts <count>', 'how many are generated', integerArgument, 200)
  .option('--max-tokens <count>', 'most tokens of a text', integerArgument, 128)
  .option('--batch <size>', 'texts that we generate at a time; the peer has its best', integerArgument, 64)
  .addOption(precisionOption())
  .option(...JSON_OPTION)
  .action((options: GenerateOptions & { json?: boolean }) => report(options, benchGenerate));

program
  .command('mauve')
  .description('MAUVE of MiniLM embeddings against mauve-text, in texts/s')
  .option(...ROUNDS)
  .option('--texts <count>', 'on each side', integerArgument, 5000)
  .option(...JSON_OPTION)
  .action(async (options: MauveOptions & { json?: boolean }) => {
    const result = await benchMauve(options);
    console.log(options.json ? JSON.stringify(result) : mauveText(result));
  });

program
  .command('sweep')
  .description('what a trial of a sweep costs beside its computing; needs no peer')
  .option('--trials <count>', 'of a search', integerArgument, 200)
  .option('--concurrency <count>', 'trials at a time', integerArgument, 2)
  .option(...JSON_OPTION)
  .action(async (options: SweepBenchOptions & { json?: boolean }) => {
    const result = await benchSweep(options);
    console.log(options.json ? JSON.stringify(result) : sweepText(result));
  });

program
  .command('profile')
  .description('where the time of our engine goes, by TensorFlow operation and shape; needs no peer')
  .addArgument(new Argument('<what>').choices(['finetune', 'generate']))
  .option('--batch <size>', 'records of the micro-batch, or texts at a time', integerArgument, 16)
  .option('--repeats <count>', 'of which the mean is shown', integerArgument, 3)
  .addOption(precisionOption())
  .option(...JSON_OPTION)
  .action(profile);

async function profile(what: string, options: ProfileOptions & { json?: boolean }): Promise<void> {
  const { profileFinetune, profileGenerate } = await import('./profile.ts');
  const result = await (what === 'finetune' ? profileFinetune(options) : profileGenerate(options));
  console.log(options.json ? JSON.stringify(result) : profileText(result));
}

async function report<Options extends { json?: boolean }>(
  options: Options,
  run: (bench: Bench, options: Options) => Promise<BenchResult>,
): Promise<void> {
  const result = await withBench((bench) => run(bench, options));
  console.log(options.json ? JSON.stringify(result) : resultText(result));
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
