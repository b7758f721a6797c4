#!/usr/bin/env bash
# Packages: @microsoft/fetch-event-source 2.0.1 and extended-eventsource 2.1.0 (npm), clients of
#          server-sent events; beside them eventsource 5.1.5, which does as the standard says.
# Input:   a stream whose connection ends inside an event: after its `id` and `data` lines, before
#          the empty line that closes it. Every proxy's time-out can do this.
# Expected: the piece is thrown away and asked for again. HTML standard, 9.2.6: what no empty line
#          has closed is no event, and an `id` becomes the last event ID only with the empty line.
# Seen:    the event is not handed out, as it should be, yet its id is remembered at once: the client
#          comes back with `Last-Event-ID: 2`, and a server that resumes after 2 never sends event 2.
# Who is hit: projections fed by these clients miss one event, without a gap that they could notice.
set -euo pipefail

npm install --loglevel=error --no-audit --no-fund \
    @microsoft/fetch-event-source@2.0.1 extended-eventsource@2.1.0 eventsource@5.1.5 >/dev/null

cat >seen.mjs <<'END'
import http from 'node:http';
import { fetchEventSource } from '@microsoft/fetch-event-source/lib/cjs/index.js';
import { EventSource as Extended } from 'extended-eventsource';
import { EventSource } from 'eventsource';

// The first is made for browsers and looks whether its page is shown.
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.window = globalThis;
for (const noise of ['warn', 'error', 'info', 'debug']) console[noise] = () => {};

const event = (id) => `id: ${id}\ndata: event ${id}\n\n`;
const clients = {
  'fetch-event-source': (url, hear) => fetchEventSource(url, {
    openWhenHidden: true, fetch, onmessage: hear, onclose() { throw new Error('again'); }, onerror: () => 50,
  }),
  'extended-eventsource': (url, hear) => { new Extended(url, { retry: 50 }).onmessage = hear; },
  eventsource: (url, hear) => { new EventSource(url).onmessage = hear; },
};

// Three events; the first connection breaks inside the second. Later ones resume after the id given.
async function follow(client) {
  const asked = [];
  const heard = new Set();
  const server = http.createServer((request, answer) => {
    asked.push(request.headers['last-event-id'] ?? '-');
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    if (asked.length === 1) {
      answer.write(`retry: 50\n${event(1)}${event(2).slice(0, -1)}`);
      setTimeout(() => answer.end(), 200);
    } else if (asked.length === 2) {
      for (let id = Number(asked[1]) + 1; id <= 3; id += 1) answer.write(event(id));
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  client(`http://127.0.0.1:${server.address().port}/`, ({ data }) => data && heard.add(data));
  for (let waited = 0; !heard.has('event 3') && waited < 10000; waited += 50) {
    await new Promise((later) => setTimeout(later, 50));
  }
  return `came back with Last-Event-ID ${asked[1]}, heard ${[...heard].join(', ')}`;
}

const seen = {};
for (const [name, client] of Object.entries(clients)) {
  seen[name] = await follow(client);
  console.log(`${name.padEnd(22)} ${seen[name]}`);
}
const missed = (line) => line.includes('ID 2') && line.endsWith('heard event 1, event 3');
process.exit(missed(seen['fetch-event-source']) && missed(seen['extended-eventsource'])
  && seen.eventsource.endsWith('heard event 1, event 2, event 3') ? 0 : 1);
END
node seen.mjs
