// Writes CloudEvents with the official SDK and reads them back with it, in every content mode, and
// demands that each comes back as it was written: node cloud_events.mjs http://localhost:8080
//
// Where the SDK itself gives back something else (a time without its nanoseconds, a number as text
// in binary mode), its own answer without a server between is what must come back.
import assert from "node:assert/strict";
import { CloudEvent, HTTP } from "cloudevents";

const base = process.argv[2];
const batchType = "application/cloudevents-batch+json";
const logAttributes = ["position", "version", "stream", "recordedtime", "leafhash",
                       "correlationid", "causationid", "actor"];

const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
const cases = {
  least: {},
  attributes: { subject: "fold", dataschema: "https://shop.test/schema?a=b#c",
                time: "2026-01-02T03:04:05.678Z", datacontenttype: "application/json",
                data: { a: 1 } },
  offset_time: { time: "2026-01-02T03:04:05.678901+09:00", data: { a: 1 } },
  boolean: { yes: true, no: false, data: {} },
  integer: { zero: 0, least: -2147483648, most: 2147483647, data: {} },
  string: { note: "a, b; c=d", empty: "", data: {} },
  korean: { subject: "폴드 100%", note: '"제품"', data: { name: "폰" }, beyondascii: true },
  binary_attribute: { thumbnail: "AP8=", data: {} },
  uri: { page: "https://shop.test/a?b=c#d", data: {} },
  uri_reference: { related: "../a?b", data: {} },
  timestamp: { due: "2026-01-02T03:04:05Z", data: {} },
  tracing: { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
             tracestate: "a=1,b=2", data: {} },
  tags: { tags: "user:1,time:morning,source:", data: {} },
  json_list: { datacontenttype: "application/json", data: [1, [2], { three: null }] },
  json_number: { datacontenttype: "application/json", data: 1.5 },
  json_with_charset: { datacontenttype: "application/json; charset=utf-8", data: { a: "폰" } },
  vendor_json: { datacontenttype: "application/vnd.shop+json", data: { a: 1 } },
  text: { datacontenttype: "text/plain", data: "line\r\nline" },
  text_like_json: { datacontenttype: "text/plain", data: '{"a":1}' },
  korean_text: { datacontenttype: "text/plain; charset=utf-8", data: "한글" },
  xml: { datacontenttype: "application/xml", data: "<a>폰</a>" },
  image: { datacontenttype: "image/png", data: bytes },
  octets: { datacontenttype: "application/octet-stream", data: bytes },
  no_data: { datacontenttype: "application/json" },
};

const onTheWire = ({ headers, body }) => ({
  headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, String(v)])),
  body: ["number", "boolean"].includes(typeof body) ? String(body) : body,
});
const write = {
  structured: (event) => onTheWire(HTTP.structured(event)),
  binary: (event) => onTheWire(HTTP.binary(event)),
  batch: (event) => ({ headers: { "content-type": batchType }, body: JSON.stringify([event]) }),
};
// What the SDK makes of its own message.
const received = (message) => [HTTP.toEvent(message)].flat()[0];

async function fetched(path, headers = {}) {
  const answer = await fetch(base + path, { headers });
  assert.equal(answer.status, 200, path);
  const type = answer.headers.get("content-type") ?? "";
  const bytes = Buffer.from(await answer.arrayBuffer());
  const body = /json|text|xml/.test(type) ? bytes.toString() : bytes;
  return received({ headers: Object.fromEntries(answer.headers),
                    body: bytes.length > 0 ? body : undefined });
}
const read = {
  structured: (stream) => fetched(`/streams/${stream}/1`),
  binary: (stream) => fetched(`/streams/${stream}/1?mode=binary`),
  batch: (stream) => fetched(`/streams/${stream}`, { Accept: batchType }),
};

// Attributes by name; bytes compare as bytes, whatever array holds them.
function plain(event) {
  const found = {};
  for (const name of Object.keys(event)) {
    if (event[name] === undefined || name === "data_base64") continue;
    const isBytes = ArrayBuffer.isView(event[name]);
    found[name] = isBytes ? { bytes: Array.from(event[name]) } : event[name];
  }
  return found;
}

async function post(stream, message) {
  const answer = await fetch(`${base}/streams/${stream}`, { method: "POST", ...message });
  const text = await answer.text();
  assert.equal(answer.status, 201, `${stream}: ${text}`);
  return text;
}

async function check(name, attributes, out, back) {
  const { beyondascii, ...given } = attributes;
  const id = `${name}-${out}-${back}`.replaceAll("_", ".");
  const event = new CloudEvent({ id, source: "https://shop.test/sdk", type: "test.shop.told", ...given });
  const stream = `sdk-${id}`;
  const message = write[out](event);
  const first = await post(stream, message);
  assert.equal(await post(stream, message), first, "the same event again gets the first answer");

  // Attributes as they were on the wire, data as it was given: of binary mode the SDK reads some
  // JSON as text.
  const sent = received(message).cloneWith(event.data === undefined ? {} : { data: event.data });
  const expected = plain(received(write[back](sent)));
  const got = plain(await read[back](stream));
  for (const of of logAttributes) {
    assert.ok(got[of] !== undefined || of === "actor", `${id}: ${of} is told`);
    delete got[of];
  }
  // Binary mode has no other way to say that data is JSON; the SDK says so even of no data.
  if (back === "binary" && received(message).datacontenttype === undefined) {
    assert.equal(got.datacontenttype, got.data === undefined ? undefined : "application/json");
    delete got.datacontenttype;
    delete expected.datacontenttype;
  }
  // The SDK leaves the percent-encoding of header fields to its callers.
  if (back === "binary")
    for (const of of Object.keys(got))
      if (typeof got[of] === "string" && !["data", "datacontenttype"].includes(of))
        got[of] = decodeURIComponent(got[of]);
  assert.deepEqual(got, expected, `${id}: ${JSON.stringify({ got, expected })}`);
}

let done = 0;
for (const [name, attributes] of Object.entries(cases))
  for (const out of Object.keys(write))
    for (const back of Object.keys(read)) {
      // Such a field is no header of HTTP, and fetch() refuses it.
      if (attributes.beyondascii && out === "binary") continue;
      await check(name, attributes, out, back);
      ++done;
    }
console.log(`${done} events came back as they were written`);
