// A signal ends a process without running its `finally` blocks: what must be undone then is kept here.
const cleanups = [];

async function undoAll(signal) {
  // A copy: what a cleanup ends takes itself off the list meanwhile.
  for (const cleanup of [...cleanups].reverse()) {
    try {
      await cleanup();
    } catch {
      // The rest still has to be undone, and the process ends in any case.
    }
  }
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

/** On Ctrl-C or SIGTERM runs `cleanup`, the latest one first, and exits. Returns what takes it off again. */
export function onInterrupt(cleanup) {
  if (cleanups.length === 0) {
    process.on('SIGINT', undoAll);
    process.on('SIGTERM', undoAll);
  }
  cleanups.push(cleanup);
  return () => {
    cleanups.splice(cleanups.indexOf(cleanup), 1);
    if (cleanups.length > 0) return;
    process.off('SIGINT', undoAll);
    process.off('SIGTERM', undoAll);
  };
}
