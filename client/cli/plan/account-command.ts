import type { Command } from 'commander';
import { Option } from 'commander';
import { invalidConfig } from '../../../schemas/errors.ts';
import { type Accountant, accountantSchema, DEFAULT_ACCOUNTANT } from '../../../schemas/privacy.ts';
import { integerArgument, JSON_OPTION, numberArgument } from '../terminal/options.ts';

type AccountOptions = {
  n: number;
  batch: number;
  steps: number;
  sigma?: number;
  epsilon?: number;
  delta?: number;
  accountant: Accountant;
  json?: boolean;
};

export function addAccountCommand(program: Command): void {
  program
    .command('account')
    .description('compute the epsilon of a DP training plan, or the noise multiplier (sigma) for an epsilon')
    .requiredOption('--n <records>', 'number of private records', integerArgument)
    .requiredOption('--batch <size>', 'expected batch size of the Poisson draws', numberArgument)
    .requiredOption('--steps <steps>', 'number of updates', integerArgument)
    .option('--sigma <sigma>', 'noise multiplier, to compute its epsilon', numberArgument)
    .option('--epsilon <epsilon>', 'target epsilon, to compute the smallest sigma for it', numberArgument)
    .option('--delta <delta>', 'delta (default: the smaller of n^-1.1 and 1e-5)', numberArgument)
    .addOption(
      new Option('--accountant <name>', 'how the privacy losses of the steps are composed')
        .choices(accountantSchema.options)
        .default(DEFAULT_ACCOUNTANT),
    )
    .option(...JSON_OPTION)
    .action(account);
}

async function account(options: AccountOptions, command: Command): Promise<void> {
  const { n, batch, steps } = options;
  if ((options.sigma === undefined) === (options.epsilon === undefined))
    command.error(
      'error: give either --sigma, to compute its epsilon, or --epsilon, to compute the sigma it needs',
    );
  if (n < 2) throw invalidConfig(`--n ${n} must be at least 2.`);
  if (!(batch > 0 && batch <= n))
    throw invalidConfig(
      `--batch ${batch} must be above 0 and at most --n ${n}: it is the mean size of a draw from n records.`,
    );
  const { epsilonOf } = await import('../../../engine/privacy/accountant.ts');
  const { ACCOUNTANTS } = await import('../../../engine/privacy/accountants.ts');
  const { calibrateNoise, calibrationWarnings } = await import('../../../engine/privacy/calibration.ts');
  const { defaultDelta, deltaWarning } = await import('../../../engine/privacy/delta.ts');
  const delta = options.delta ?? defaultDelta(n);
  const samplingRate = batch / n;
  const { noiseMultiplier: sigma, accountant } =
    options.sigma === undefined
      ? calibrateNoise({
          samplingRate,
          steps,
          epsilon: options.epsilon!,
          delta,
          accountant: options.accountant,
        })
      : { noiseMultiplier: options.sigma, accountant: options.accountant };
  const parts = [{ samplingRate, noiseMultiplier: sigma, steps }];
  const epsilon = epsilonOf({ parts, delta, accountant });
  if (delta >= 1 / n)
    console.error(
      `Warning: delta ${delta} is not below 1/n = ${1 / n}: a mechanism with this delta may publish a whole record.`,
    );
  else if (deltaWarning(delta, n) !== null) console.error(`Warning: ${deltaWarning(delta, n)}`);
  if (options.epsilon !== undefined)
    for (const warning of calibrationWarnings({
      target: options.epsilon,
      asked: options.accountant,
      calibration: { epsilon, noiseMultiplier: sigma, accountant },
    }))
      console.error(`Warning: ${warning}`);
  if (options.json) {
    console.log(JSON.stringify({ epsilon, sigma, accountant }));
    return;
  }
  const { name } = ACCOUNTANTS[accountant];
  console.log(
    [
      `epsilon               ${epsilon.toPrecision(5)}  (${name}, delta ${delta.toPrecision(3)}, one record replaced by one that contributes nothing)`,
      `noise multiplier      ${sigma.toPrecision(5)}`,
      `sampling rate         ${samplingRate.toPrecision(5)}  (Poisson, expected batch ${batch} of ${n})`,
      `steps                 ${steps}`,
    ].join('\n'),
  );
}
