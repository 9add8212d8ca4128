// Sets up a checkout: `node deploy/setup/setup.mjs [--for demo|test] [--gpu]`. Plain JavaScript without
// packages, because it installs them. It skips what is already in place, so the demo and the tests can run
// it each time.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`dpsynth does not run on Node ${process.versions.node}. Install Node 20.11 or later.`);
  process.exit(1);
}
const { setUp } = await import('./set-up.mjs');
await setUp(process.argv.slice(2));
