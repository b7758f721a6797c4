#!/usr/bin/env bash
# cloudevents 10.0.0 (npm), the official JavaScript SDK of CloudEvents: the attribute time.
# A Timestamp is any RFC 3339 instant. Guessed: it is a text to the SDK and passes through. Seen: an event holds it as
# given, but whatever is sent or received goes through Date: digits beyond milliseconds are cut off, and the offset
# of the writer becomes UTC. Who forwards events of others through the SDK changes them, and two events a
# microsecond apart get one time.
set -euo pipefail
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >seen.mjs <<'END'
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { CloudEvent, HTTP } from "cloudevents";

const sdk = JSON.parse(readFileSync("node_modules/cloudevents/package.json"));
console.log("cloudevents", sdk.version, "node", process.version);
for (const [time, becomes] of [
  ["2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123Z"],
  ["2026-01-02T03:04:05.123+09:00", "2026-01-01T18:04:05.123Z"],
]) {
  const event = new CloudEvent({ id: "1", source: "/s", type: "t", time });
  const sent = JSON.parse(HTTP.structured(event).body).time;
  const headers = { "content-type": "application/cloudevents+json" };
  const body = JSON.stringify({ specversion: "1.0", id: "1", source: "/s", type: "t", time });
  const received = HTTP.toEvent({ headers, body }).time;
  console.log(JSON.stringify({ time, held: event.time, sent, received }));
  assert.deepEqual([event.time, sent, received], [time, becomes, becomes]);
}
END
node seen.mjs
