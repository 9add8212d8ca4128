/**
 * Whether numbers computed from private records may be printed: on a terminal, to the person in front of it,
 * or on request. Any other output may end up in logs that others read.
 */
export function showsPrivateScores(
  { privateScores, json }: { privateScores?: boolean; json?: boolean },
  stream: { isTTY?: boolean },
): boolean {
  return privateScores === true || (json !== true && stream.isTTY === true);
}
