import type { Command } from 'commander';
import { JSON_OPTION } from '../terminal/options.ts';

export function addAssetsCommand(program: Command): void {
  const assets = program
    .command('assets')
    .description('list and fetch models and datasets of the catalog and the Hugging Face hub');
  assets
    .command('list')
    .description('list the catalog, what of it is on this machine, and the models fetched from the hub')
    .option(...JSON_OPTION)
    .action(list);
  assets
    .command('fetch')
    .description('download models or datasets of the catalog, or models of the Hugging Face hub')
    .argument('<names...>', 'catalog names, or hub:OWNER/NAME[/FILE.gguf][@REVISION]')
    .option(...JSON_OPTION)
    .action(fetch);
}

async function list(options: { json?: boolean }): Promise<void> {
  const { CATALOG } = await import('../../../storage/assets/catalog.ts');
  const { isFetched } = await import('../../../storage/assets/local-asset.ts');
  const { formatBytes } = await import('../../../engine/report/format.ts');
  const { fetchedHubModels } = await import('../../../storage/assets/hub/hub-cache.ts');
  const catalog = Object.entries(CATALOG).map(([name, asset]) => ({
    name,
    role: asset.role,
    bytes: asset.files.reduce((sum, file) => sum + file.bytes, 0),
    fetched: isFetched(name, asset),
    licence: asset.licence,
    note: asset.note,
  }));
  const hub = await fetchedHubModels();
  if (options.json) {
    const role = 'model';
    const fromHub = hub.map((model) => ({ ...model, role, fetched: true, note: 'from the hub' }));
    console.log(JSON.stringify([...catalog, ...fromHub]));
    return;
  }
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['Name', 'Kind', 'Size', 'Here', 'What it is'],
    colAligns: ['left', 'left', 'right'],
    colWidths: [null, null, null, null, 44],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { name, role, bytes, fetched, note, licence } of catalog)
    table.push([name, role, formatBytes(bytes), fetched ? 'yes' : 'no', `${note} (${licence})`]);
  console.log(table.toString());
  for (const { name, bytes } of hub) console.log(`${name}  ${formatBytes(bytes)}`);
}

async function fetch(names: string[], options: { json?: boolean }): Promise<void> {
  const { fetchAsset } = await import('../../../storage/assets/fetch-asset.ts');
  const fetched: { name: string; path: string }[] = [];
  for (const name of names) {
    let shown = -1;
    const { path, name: pinned } = await fetchAsset({
      name,
      onProgress: (done, total) => {
        const tenth = Math.floor((10 * done) / total);
        if (tenth === shown) return;
        shown = tenth;
        console.error(`${name}: ${tenth * 10}% of ${Math.ceil(total / 2 ** 20)} MiB`);
      },
    });
    fetched.push({ name: pinned, path });
    if (!options.json) console.log(`${pinned}  ${path}`);
    if (pinned !== name)
      console.error(`Use "${pinned}" as the model in experiments: its commit never changes.`);
  }
  if (options.json) console.log(JSON.stringify(fetched));
}
