/** The options that a command quoted in a message needs to find the same server. */
export function serverOptions({ local, home }: { local?: boolean; home?: string }): string {
  if (!local) return '';
  return home === undefined ? ' --local' : ` --local --home ${home}`;
}
