#!/usr/bin/env bash
# cloudevents 10.0.0 (npm), the official JavaScript SDK of CloudEvents: binary mode.
# The HTTP protocol binding (v1.0.2, 3.1.3.2) wants blanks, quotes, % and all beyond ASCII percent-encoded in
# header fields, and decoded by who receives them. Guessed: the SDK does both, as it offers HTTP.binary() and
# HTTP.toEvent(). Seen: it does neither. So a subject with %41 in it is another subject for every receiver that
# follows the binding; a Korean one cannot be sent at all with fetch(); and what others encoded is read encoded.
set -euo pipefail
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >seen.mjs <<'END'
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { CloudEvent, HTTP } from "cloudevents";

const sdk = JSON.parse(readFileSync("node_modules/cloudevents/package.json"));
console.log("cloudevents", sdk.version, "node", process.version);
const sent = (subject) =>
  HTTP.binary(new CloudEvent({ id: "1", source: "/s", type: "t", subject })).headers["ce-subject"];
for (const subject of ["50%41", "a b", "폰"]) console.log("sends", subject, "as", sent(subject));
const headers = { "ce-id": "1", "ce-source": "/s", "ce-type": "t", "ce-specversion": "1.0",
                  "ce-subject": "%ED%8F%B0" };
const read = HTTP.toEvent({ headers, body: "" }).subject;
console.log("reads %ED%8F%B0 as", read);

assert.equal(decodeURIComponent(sent("50%41")), "50A", "what a receiver reads");
assert.equal(sent("a b"), "a b");
assert.throws(() => new Headers({ "ce-subject": sent("폰") }), TypeError);
assert.equal(read, "%ED%8F%B0");
END
node seen.mjs
