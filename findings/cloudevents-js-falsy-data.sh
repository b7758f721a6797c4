#!/usr/bin/env bash
# cloudevents 10.0.0 (npm), the official JavaScript SDK of CloudEvents: JSON data that is 0, false or "".
# Guessed: read back as it was written, in every content mode. Seen: in structured mode the data is gone after
# HTTP.toEvent(), although it stands in the message; in a batch of the same event it is kept.
set -euo pipefail
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >seen.mjs <<'END'
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { CloudEvent, HTTP } from "cloudevents";

const sdk = JSON.parse(readFileSync("node_modules/cloudevents/package.json"));
console.log("cloudevents", sdk.version, "node", process.version);
for (const data of [0, false, "", 1, true, "a"]) {
  const event = new CloudEvent({ id: "1", source: "/s", type: "t",
                                 datacontenttype: "application/json", data });
  const message = HTTP.structured(event);
  const structured = HTTP.toEvent(message).data;
  const headers = { "content-type": "application/cloudevents-batch+json" };
  const batch = HTTP.toEvent({ headers, body: `[${message.body}]` })[0].data;
  console.log(JSON.stringify({ written: data, structured: structured ?? "(none)", batch }));
  assert.deepEqual(JSON.parse(message.body).data, data, "it is in the message");
  assert.equal(batch, data);
  assert.deepEqual(structured, data ? data : undefined);
}
END
node seen.mjs
