#!/usr/bin/env bash
# cloudevents 10.0.0 (npm), the official JavaScript SDK of CloudEvents: data of a type that ends with +json.
# Such a type is JSON (RFC 6839), and the JSON event format says so too. Guessed: an object is read back as an object in
# every mode. Seen: in binary mode it is read back as its text, in structured mode as the object; which of the
# two a consumer gets depends on how the event travelled.
set -euo pipefail
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >seen.mjs <<'END'
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { CloudEvent, HTTP } from "cloudevents";

const sdk = JSON.parse(readFileSync("node_modules/cloudevents/package.json"));
console.log("cloudevents", sdk.version, "node", process.version);
for (const datacontenttype of ["application/json", "application/vnd.shop+json"]) {
  const event = new CloudEvent({ id: "1", source: "/s", type: "t", datacontenttype, data: { a: 1 } });
  const structured = HTTP.toEvent(HTTP.structured(event)).data;
  const binary = HTTP.toEvent(HTTP.binary(event)).data;
  console.log(JSON.stringify({ datacontenttype, structured, binary }));
  assert.deepEqual(structured, { a: 1 });
  assert.deepEqual(binary, datacontenttype === "application/json" ? { a: 1 } : "{\"a\":1}");
}
END
node seen.mjs
