const PLAIN_INTERVAL_MS = 10_000;
const TTY_INTERVAL_MS = 200;

/**
 * Runs one step of the set-up and reports it on standard error: on a terminal as one changing line, elsewhere
 * as lines at least ten seconds apart. `run` receives `progress(what, doneBytes?, totalBytes?)` and returns a
 * short result to show.
 */
export async function step(title, run) {
  const terminal = process.stderr.isTTY;
  const start = performance.now();
  const elapsed = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  let what = '';
  const line = (mark, text) => `${mark} ${title.padEnd(22)} ${text} (${elapsed()})`;
  const draw = () => {
    if (terminal) process.stderr.write(`\r\x1b[2K${line('·', what).slice(0, process.stderr.columns - 1)}`);
    else process.stderr.write(`${line('·', what)}\n`);
  };
  const timer = setInterval(draw, terminal ? TTY_INTERVAL_MS : PLAIN_INTERVAL_MS);
  const finish = (mark, text) => {
    clearInterval(timer);
    process.stderr.write(`${terminal ? '\r\x1b[2K' : ''}${line(mark, text)}\n`);
  };
  try {
    const result = await run((now, done, total) => {
      what = total ? `${now}: ${megabytes(done)} of ${megabytes(total)} MB, ${percent(done, total)}` : now;
    });
    finish('✓', result ?? '');
  } catch (error) {
    finish('✗', 'failed');
    throw error;
  }
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}

function percent(done, total) {
  return `${Math.floor((100 * done) / total)}%`;
}
