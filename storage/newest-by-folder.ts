/**
 * The first parts of keys, sorted, each with the newest time of its keys. A file that is in no folder
 * counts for none.
 */
export function newestByFolder(files: Iterable<{ key: string; at: Date }>): { name: string; newest: Date }[] {
  const folders = new Map<string, Date>();
  for (const { key, at } of files) {
    const [name, ...rest] = key.split('/');
    const newest = folders.get(name);
    if (rest.length > 0 && (newest === undefined || newest < at)) folders.set(name, at);
  }
  return [...folders].map(([name, newest]) => ({ name, newest })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
