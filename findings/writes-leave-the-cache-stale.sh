#!/usr/bin/env bash
# Packages: got 14.6.6 (its `cache` option) and axios-cache-interceptor 1.12.3 with axios 1.21.1
#          (npm); beside them undici 7.16.0 (interceptors.cache), which does as the RFC says.
# Input:   GET of a resource (max-age=60), then PUT, PATCH, POST or DELETE of the same address
#          through the same client, answered 200, then GET again.
# Expected: the second GET asks the server. RFC 9111, 4.4: a cache must invalidate the target URI when
#          an unsafe request to it is answered without an error. got's cache calls itself compliant.
# Seen:    both go on giving the old answer until it is stale. The client that has just cancelled a
#          reservation is told, for a minute, that it stands; after DELETE it still exists.
# Who is hit: read-modify-write: the second change is made from the state (and ETag) before the first.
set -euo pipefail

npm install --loglevel=error --no-audit --no-fund got@14.6.6 axios@1.21.1 axios-cache-interceptor@1.12.3 undici@7.16.0 >/dev/null

cat >seen.mjs <<'END'
import http from 'node:http';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';
import got from 'got';
import { Agent, interceptors, request } from 'undici';

const cachedGot = got.extend({ cache: new Map() });
const cachedAxios = setupCache(axios.create());
const dispatcher = new Agent().compose(interceptors.cache());
const clients = {
  got: async (method, url) => (await cachedGot(url, { method })).body,
  'axios-cache-interceptor': async (method, url) => (await cachedAxios.request({ method, url })).data,
  undici: async (method, url) => (await request(url, { method, dispatcher })).body.text(),
};

const states = {};
const server = http.createServer((incoming, answer) => {
  const reading = incoming.method === 'GET';
  if (!reading) states[incoming.url] = 'cancelled';
  answer.writeHead(200, { 'content-type': 'text/plain', ...(reading && { 'cache-control': 'max-age=60' }) });
  answer.end(reading ? states[incoming.url] ?? 'reserved' : '');
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

const methods = ['PUT', 'PATCH', 'POST', 'DELETE'];
const seen = {};
for (const [name, ask] of Object.entries(clients)) {
  seen[name] = [];
  for (const method of methods) {
    const url = `http://127.0.0.1:${server.address().port}/${name}/${method}`;
    await ask('GET', url);
    await ask(method, url);
    seen[name].push(await ask('GET', url));
  }
  console.log(name.padEnd(24), methods.map((method, n) => `after ${method}: ${seen[name][n]}`).join(', '));
}
const all = (name, state) => seen[name].every((read) => read === state);
process.exit(all('got', 'reserved') && all('axios-cache-interceptor', 'reserved') && all('undici', 'cancelled') ? 0 : 1);
END
node seen.mjs
