/**
 * Whether numbers computed from private records may be printed: on a terminal, to the person who looks at it, or if they are asked
 * for. What goes elsewhere ends in logs that others read.
 */
export function showsPrivateScores(
  { privateScores, json }: { privateScores?: boolean; json?: boolean },
  stream: { isTTY?: boolean },
): boolean {
  return privateScores === true || (json !== true && stream.isTTY === true);
}
