/** The options with which another command, quoted in a message, finds the same server. */
export function serverOptions({ local, home }: { local?: boolean; home?: string }): string {
  if (!local) return '';
  return home === undefined ? ' --local' : ` --local --home ${home}`;
}
