// Runs between the CLI and the Temporal server, which cannot watch its parent. However the CLI ends, its
// channel closes and the guard stops the server. Plain JavaScript, so that it starts at once.
import { spawn } from 'node:child_process';

// With this mask only the owner can read the database that the server creates.
process.umask(0o077);

const [executable, ...args] = process.argv.slice(2);
const server = spawn(executable, args, { stdio: ['ignore', 'inherit', 'inherit'] });

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  server.kill('SIGTERM');
  setTimeout(() => server.kill('SIGKILL'), 5000).unref();
}

server.on('error', (error) => {
  console.error(`The Temporal server did not start: ${error.message}`);
  process.exit(1);
});
server.on('exit', (code) => process.exit(stopping ? 0 : (code ?? 1)));
process.on('disconnect', stop);
process.on('SIGTERM', stop);
// Ctrl-C reaches every process of the terminal; the CLI decides in which order they exit.
process.on('SIGINT', () => {});
