import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const COMMIT = 'c0ffee'.padEnd(40, '0');

/** What a test makes the server do wrong. */
export type Faults = {
  /** Once, the connection of that file is cut after so many bytes of the answer. */
  cut?: { path: string; afterBytes: number };
  /** Of these files other bytes of the same length are served. */
  wrong?: string[];
  /** Status of every answer. */
  refuse?: number;
  /** Token without which files (not their list) are refused with 401, as those of a gated model are. */
  gatedBy?: string;
};

type Params = {
  repository: string;
  /** Files by path; those that end in .safetensors or .gguf are kept as LFS. */
  files: Record<string, Buffer>;
};

/**
 * A real HTTP server that answers as the hub does to the calls of @huggingface/hub: revision, tree,
 * paths-info, resolve with ranges, LFS files by a redirect. It stands in for the hub, which tests must
 * not depend on.
 */
export async function startFakeHub({ repository, files }: Params) {
  const faults: Faults = {};
  const requests: { method: string; url: string; range?: string; authorization?: string }[] = [];
  const isLarge = (path: string) => /\.(safetensors|gguf)$/.test(path);

  function entry(path: string): object {
    const bytes = files[path];
    const common = { type: 'file', path, size: bytes.length };
    const gitObject = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    if (!isLarge(path)) return { ...common, oid: gitObject };
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { ...common, oid: gitObject, lfs: { oid: sha256, size: bytes.length, pointerSize: 134 } };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const { range, authorization } = headers;
    requests.push({ method, url, range, authorization });
    const { pathname } = new URL(url, 'http://hub');
    if (faults.refuse) return json(response, faults.refuse, { error: 'refused' });
    const api = `/api/models/${repository}`;
    if (pathname === `${api}/revision/main` || pathname === `${api}/revision/${COMMIT}`)
      return json(response, 200, { _id: '1', id: repository, sha: COMMIT, lastModified: '2025-01-01' });
    if (pathname === `${api}/tree/${COMMIT}`)
      return json(
        response,
        200,
        Object.keys(files)
          .filter((path) => !path.includes('/'))
          .map(entry),
      );
    if (pathname === `${api}/paths-info/${COMMIT}`) {
      const { paths } = JSON.parse(await body(request)) as { paths: string[] };
      return json(response, 200, paths.filter((path) => path in files).map(entry));
    }
    const [, kind, path = ''] =
      new RegExp(`^/(${repository}/resolve/${COMMIT}|lfs)/(.+)$`).exec(pathname) ?? [];
    if (!(path in files)) return json(response, 404, { error: 'Entry not found' });
    if (kind !== 'lfs' && faults.gatedBy && authorization !== `Bearer ${faults.gatedBy}`)
      return json(response, 401, { error: 'Access to model is restricted.' });
    if (kind !== 'lfs' && isLarge(path)) {
      response.writeHead(302, { Location: `/lfs/${path}` }).end();
      return;
    }
    serve(response, path, range);
  }

  function serve(response: ServerResponse, path: string, range: string | undefined): void {
    const whole = faults.wrong?.includes(path) ? Buffer.from(files[path]).fill('x') : files[path];
    const [, from = '0', to = String(whole.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const part = whole.subarray(Number(from), Number(to) + 1);
    const headers = { 'Content-Length': part.length, ETag: '"tag"' };
    if (range === undefined) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, 'Content-Range': `bytes ${from}-${to}/${whole.length}` });
    if (faults.cut?.path === path && part.length > faults.cut.afterBytes) {
      response.write(part.subarray(0, faults.cut.afterBytes), () => response.destroy());
      faults.cut = undefined;
      return;
    }
    response.end(part);
  }

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** All requests so far. */
    requests,
    faults,
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function json(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
}

async function body(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
