import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readSource } from './corpus-source.ts';

let server: Server;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url!.replace(/\?.*$/, ''));
    response.end('text,label\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

it.each([
  ['a/../b.csv', '/bucket/a/../b.csv'],
  ['./b.csv', '/bucket/./b.csv'],
  ['/b.csv', '/bucket//b.csv'],
  ['a//b.csv', '/bucket/a//b.csv'],
  ['plain.csv', '/bucket/plain.csv'],
])('the server is asked for the object %s and for no other', async (key, path) => {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bytes = await readSource(`s3://bucket/${key}?endpoint=${encodeURIComponent(endpoint)}`);
  expect(bytes.toString()).toBe('text,label\n');
  expect(asked.map(decodeURIComponent)).toEqual([path]);
});
