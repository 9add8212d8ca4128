import { fetchAsset } from '../../storage/assets/fetch-asset.ts';

// Prints progress lines `NAME DONE_BYTES TOTAL_BYTES`, which assets.mjs shows.
try {
  for (const name of process.argv.slice(2)) {
    await fetchAsset({
      name,
      onProgress: (doneBytes, totalBytes) => console.log(name, doneBytes, totalBytes),
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
