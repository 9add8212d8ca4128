import { openStore } from '../../storage/open-store.ts';

// A process for the tests of the store: it writes a large artifact, and is limited or killed while it does.
const [root, mode] = process.argv.slice(2);
const store = await openStore(root);

async function* body() {
  for (let chunk = 0; mode === 'endless' || chunk < 64; chunk++) {
    yield new Uint8Array(16_384);
    if (chunk === 8) process.stdout.write('writing\n');
  }
}

try {
  await store.put({
    area: 'private',
    key: 'run/big.bin',
    body: body(),
    mediaType: 'application/octet-stream',
  });
  process.stdout.write('written\n');
} catch (error) {
  const { type, message } = error as { type?: string; message: string };
  process.stdout.write(`${type}: ${message}\n`);
}
