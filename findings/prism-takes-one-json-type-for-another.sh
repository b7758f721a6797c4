#!/usr/bin/env bash
# @stoplight/prism-cli 5.14.2 (npm), validating proxy: an answer that is described in two JSON types.
# Guessed: an answer of type application/cloudevents-batch+json is checked by the schema of that type. Seen: it is checked
# by the schema of the JSON type that stands first (here application/json, one event), so a valid batch is refused with
# 500 and a valid single event is not; with the two types in the other order the batch passes. What stands before
# "+json" is not looked at. A document that describes several JSON types needs one schema that allows all of them.
set -euo pipefail
npm install --silent --no-audit --no-fund --ignore-scripts @stoplight/prism-cli@5.14.2
cat >seen.mjs <<'END'
import { readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import assert from "node:assert/strict";

const types = {
  "application/json": { schema: { type: "object", required: ["id"] } },
  "application/cloudevents-batch+json": { schema: { type: "array" } },
};
const batch = { type: "application/cloudevents-batch+json", body: '[{"id":"1"}]' };
const single = { type: "application/json", body: '{"id":"1"}' };
const answers = { "/batch": batch, "/single": single };

// A server on a free port of this machine; prism stands before it.
async function listening(server) {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server.address().port;
}
async function freePort() {
  const server = createServer();
  const port = await listening(server);
  await new Promise((done) => server.close(done));
  return port;
}
const origin = createServer((request, response) => {
  const { type, body } = answers[request.url];
  response.writeHead(200, { "content-type": type }).end(body);
});
const behind = await listening(origin);

async function statuses(order) {
  const content = Object.fromEntries(order.map((type) => [type, types[type]]));
  const get = { responses: { 200: { description: "events", content } } };
  writeFileSync("api.json", JSON.stringify({ openapi: "3.1.0", info: { title: "t", version: "1" },
                                             paths: { "/batch": { get }, "/single": { get } } }));
  const port = await freePort();
  const prism = spawn("node_modules/.bin/prism", ["proxy", "--errors", "--host", "127.0.0.1", "--port", port,
                                                  "api.json", `http://127.0.0.1:${behind}`]);
  prism.stderr.pipe(process.stderr);
  await new Promise((ready) => {
    prism.stdout.on("data", (line) => String(line).includes("listening") && ready());
  });
  const seen = {};
  for (const path of Object.keys(answers)) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept: answers[path].type } });
    seen[path] = answer.status;
    console.log(order.join(", then "), path, answer.status, (await answer.text()).slice(0, 160));
  }
  prism.kill();
  await once(prism, "exit");
  return seen;
}

const names = Object.keys(types);
console.log("prism", JSON.parse(readFileSync("node_modules/@stoplight/prism-cli/package.json")).version);
assert.deepEqual(await statuses(names), { "/batch": 500, "/single": 200 });
assert.deepEqual(await statuses(names.toReversed()), { "/batch": 200, "/single": 500 });
origin.close();
END
node seen.mjs
