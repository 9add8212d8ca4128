/** Keeps the last bytes of streams: what a child printed just before it exited. */
export function createTail(limit: number): { add: (chunk: Buffer) => void; text: () => string } {
  let kept: Buffer[] = [];
  let size = 0;
  return {
    add(chunk) {
      kept.push(chunk);
      size += chunk.length;
      if (size > 2 * limit) {
        kept = [Buffer.concat(kept).subarray(-limit)];
        size = limit;
      }
    },
    text: () => Buffer.concat(kept).subarray(-limit).toString('utf8'),
  };
}
