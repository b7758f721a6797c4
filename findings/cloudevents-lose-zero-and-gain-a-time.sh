#!/usr/bin/env bash
# Package: cloudevents 10.0.0 (npm), the official SDK for JavaScript.
# Input:   events in structured mode (application/cloudevents+json) whose data is 0, false or "",
#          and one without the optional attribute `time`; each is read with HTTP.toEvent() and
#          passed on with HTTP.structured(), as a relay does.
# Expected: what came in goes out. CloudEvents JSON format 1.0.2, 3.1: data is any JSON value;
#          CloudEvents 1.0.2, "Optional attributes": `time` may be absent.
# Seen:    data that JavaScript holds for false is gone: event.data is undefined, and what is passed
#          on has no data at all. 1, true and " " survive. And an event that had no time gets the
#          moment of being read, another one at each reading.
# Who is hit: readings ("stock": 0, "open": false as bare data), signatures and hashes over events,
#          and everybody who takes the invented time for the time at which something happened.
set -euo pipefail

npm install --loglevel=error --no-audit --no-fund cloudevents@10.0.0 >/dev/null

cat >seen.mjs <<'END'
import { setTimeout as sleep } from 'node:timers/promises';
import { HTTP } from 'cloudevents';

const given = { specversion: '1.0', id: '1', source: '/stock', type: 'counted' };
const headers = { 'content-type': 'application/cloudevents+json' };
const read = (event) => HTTP.toEvent({ headers, body: JSON.stringify(event) });
const relay = (event) => JSON.parse(HTTP.structured(read(event)).body);

const time = '2026-01-01T00:00:00.000Z';
const seen = [1, 0, true, false, ' ', ''].map((data) => {
  const out = relay({ ...given, time, data });
  const passedOn = 'data' in out ? JSON.stringify(out.data) : 'no data';
  console.log(`data ${JSON.stringify(data).padEnd(6)} read ${JSON.stringify(read({ ...given, time, data }).data)},`
    + ` passed on ${passedOn}`);
  return passedOn;
});

const first = read({ ...given, data: 1 });
await sleep(20);
const second = read({ ...given, data: 1 });
console.log(`no time     read ${first.time}, read again ${second.time}`);
const invented = typeof first.time === 'string' && first.time !== second.time;
process.exit(seen.join() === '1,no data,true,no data," ",no data' && invented ? 0 : 1);
END
node seen.mjs
