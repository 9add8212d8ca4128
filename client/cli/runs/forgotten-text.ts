import type { Forgotten } from '../../../activities/forget/forget-run.ts';
import { isBelow, runLayout } from '../../../schemas/run-layout.ts';

const NAMED = 12;

/** Says what was destroyed, how reservations were settled, and what is left where. */
export function forgottenText(params: {
  forgotten: readonly Forgotten[];
  kept: readonly { run: string; why: string }[];
  store: string;
}): string {
  const { forgotten, kept, store } = params;
  const lines = [
    ...forgotten.flatMap((one) => runLines(one, store)),
    ...kept.map(({ run, why }) => `Kept ${run}: ${why}`),
  ];
  return lines.length === 0 ? 'Nothing to forget.' : lines.join('\n');
}

function runLines({ run, settled, server, destroyed, left }: Forgotten, store: string): string[] {
  return [
    `Forgot ${run}: ${destroyedText(run, destroyed)}.`,
    ...(server === 'unknown'
      ? ['  The server knows no run with this id, so the run was treated as ended.']
      : []),
    ...settled.map(
      ({ ledger, id, stage, outcome }) =>
        `  The ledger ${ledger} has ${outcome} the reservation ${id} of ${stage}.`,
    ),
    ...(['private', 'release'] as const).flatMap((area) =>
      left[area].length === 0 ? [] : [`  Left in ${store}/${area}/${run}/: ${names(run, left[area])}`],
    ),
    ...(left.private.length + left.release.length === 0 ? [`  Nothing of the run is left in ${store}.`] : []),
  ];
}

function destroyedText(run: string, destroyed: Forgotten['destroyed']): string {
  const layout = runLayout(run);
  const hasKey = destroyed.private.includes(layout.runKey.key);
  const checkpoints = destroyed.private.filter((key) => isBelow(layout.checkpoints, key)).length;
  const others = destroyed.private.length - checkpoints - (hasKey ? 1 : 0);
  const parts = [
    ...(hasKey ? ['its key'] : []),
    ...(checkpoints > 0 ? [counted(checkpoints, 'checkpoint')] : []),
    ...(others > 0 ? [counted(others, 'other private file')] : []),
    ...(destroyed.release.length > 0 ? [counted(destroyed.release.length, 'file of its release')] : []),
  ];
  return parts.length === 0 ? 'it had neither a key nor checkpoints' : `destroyed ${parts.join(', ')}`;
}

function counted(number: number, what: string): string {
  return `${number} ${number === 1 ? what : what.replace(/^(checkpoint|other private file|file)/, '$1s')}`;
}

function names(run: string, keys: readonly string[]): string {
  const shown = keys.slice(0, NAMED).map((key) => key.slice(run.length + 1));
  const more = keys.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
