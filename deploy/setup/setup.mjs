// Makes a checkout ready: `node deploy/setup/setup.mjs [--for demo|test] [--gpu]`. Plain JavaScript without packages, for it installs them.
// What is in place already is left as it is, so that each run of the demo and of the tests begins with it.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`Node ${process.versions.node} does not run dpsynth. Install Node 20.11 or later.`);
  process.exit(1);
}
const { setUp } = await import('./set-up.mjs');
await setUp(process.argv.slice(2));
