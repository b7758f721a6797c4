#!/usr/bin/env bash
# cloudevents 10.0.0 (npm), the official JavaScript SDK of CloudEvents: data in bytes, structured mode.
# Guessed: a Uint8Array is written as data_base64 and read back as an equal Uint8Array. Seen: it is read back as a
# Uint32Array with one byte in each element; byteLength is four times as large, and whoever writes `data` to a file or
# socket writes three zero bytes behind each of its bytes. A batch and binary mode give a Uint8Array.
set -euo pipefail
npm install --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >seen.mjs <<'END'
import { readFileSync, writeFileSync, statSync } from "node:fs";
import assert from "node:assert/strict";
import { CloudEvent, HTTP } from "cloudevents";

const sdk = JSON.parse(readFileSync("node_modules/cloudevents/package.json"));
console.log("cloudevents", sdk.version, "node", process.version);
const data = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const event = new CloudEvent({ id: "1", source: "/s", type: "t", datacontenttype: "image/png", data });
const message = HTTP.structured(event);
const read = HTTP.toEvent(message).data;
writeFileSync("image.png", read);
console.log("sent", JSON.parse(message.body).data_base64, "read", read,
            "on disk", statSync("image.png").size, "bytes");
assert.equal(JSON.parse(message.body).data_base64, "iVBORw==");
assert.equal(read.constructor, Uint32Array);
assert.deepEqual(Array.from(read), Array.from(data));
assert.equal(statSync("image.png").size, 4 * data.length);
END
node seen.mjs
