#!/usr/bin/env bash
# Package: undici 7.16.0 (npm), RetryAgent with its defaults.
# Input:   a GET whose connection breaks half way. The answer had a weak ETag, or none; when the
#          client comes back, the resource has changed, which the new ETag and Last-Modified say.
# Expected: an error, or the whole new answer. RFC 9110, 15.3.7.3: a client must not combine parts
#          unless they share the same strong validator; 13.1.5 gives If-Range for this.
# Seen:    it asks for the rest with Range alone, takes the 206 of the other version, and hands out
#          one body with status 200: the head of the old, the tail of the new. A condition (If-Match)
#          goes along with a strong ETag only; without one it does not start again from the front.
# Who is hit: exports, backups and long pages fetched through gzip: proxies make ETags weak there.
set -euo pipefail

npm install --loglevel=error --no-audit --no-fund undici@7.16.0 >/dev/null

cat >seen.mjs <<'END'
import http from 'node:http';
import { Agent, RetryAgent, request } from 'undici';

const before = 'Seoul 1st: sold out.';
const after = 'Busan 2nd: 30 seats.';

// Serves `before` and breaks off after ten bytes; the rest comes from `rest`. Gives what the client
// made of it, and the condition that it sent.
async function download(headersBefore, headersAfter, rest = after) {
  let asked = 0;
  let condition = 'no condition';
  const server = http.createServer((incoming, answer) => {
    const { range, ...headers } = incoming.headers;
    asked += 1;
    if (asked === 1) {
      answer.writeHead(200, { 'content-length': 20, 'accept-ranges': 'bytes', ...headersBefore });
      answer.write(before.slice(0, 10), () => setTimeout(() => incoming.socket.destroy(), 50));
    } else if (range === 'bytes=10-19') {
      condition = Object.keys(headers).find((name) => /^if-/.test(name)) ?? condition;
      answer.writeHead(206, { 'content-range': 'bytes 10-19/20', 'content-length': 10, ...headersAfter });
      answer.end(rest.slice(10));
    } else {
      answer.writeHead(200, { 'content-length': 20, ...headersAfter }).end(rest);
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const dispatcher = new RetryAgent(new Agent(), { minTimeout: 20 });
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${server.address().port}/`, { dispatcher });
    return `${statusCode} ${await body.text()} (${condition})`;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const seen = {
  'no validator': await download({}, {}),
  'Last-Modified': await download(
    { 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' }, { 'last-modified': 'Fri, 02 Jan 2026 00:00:00 GMT' }),
  'weak ETag': await download({ etag: 'W/"1"' }, { etag: 'W/"2"' }),
  'strong ETag, unchanged': await download({ etag: '"1"' }, { etag: '"1"' }, before),
};
console.log(`before: ${before}\nafter:  ${after}`);
for (const [validator, got] of Object.entries(seen)) console.log(`${validator.padEnd(23)} ${got}`);
const joined = `200 ${before.slice(0, 10)}${after.slice(10)} (no condition)`;
const asWritten = ['no validator', 'Last-Modified', 'weak ETag'].every((v) => seen[v] === joined);
process.exit(asWritten && seen['strong ETag, unchanged'] === `200 ${before} (if-match)` ? 0 : 1);
END
node seen.mjs
