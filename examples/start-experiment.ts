// Starts an experiment from TypeScript, shows its progress, and prints its result:
//   npx tsx start-experiment.ts topics.json
// This program needs the package dpsynth but no workers: those run with the Temporal
// server at TEMPORAL_ADDRESS.
import { readFile } from 'node:fs/promises';
import { DpsynthClient, type ExperimentInput } from 'dpsynth/client';

const config: ExperimentInput = JSON.parse(await readFile(process.argv[2], 'utf8'));
const client = await DpsynthClient.connect();
try {
  const { run } = await client.start({ config });
  console.log(`Run ${run}`);
  await client.watch({
    run,
    onProgress: ({ stages }) => {
      const running = stages.filter(({ status }) => status === 'running');
      for (const { stage, fraction, note } of running)
        console.log(`${stage} ${Math.round(100 * fraction)}% ${note}`);
    },
  });
  const { statement, release, published } = await client.result({ run });
  console.log(statement);
  if (release !== null) console.log(`Release: ${release.uri}`);
  for (const { source, mean } of published?.rows ?? []) console.log(`${source}: accuracy ${mean.accuracy}`);
} finally {
  await client.close();
}
