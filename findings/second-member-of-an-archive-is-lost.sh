#!/usr/bin/env bash
# Packages: fflate 0.8.3 and lz4js 0.2.0 (npm); beside them pako 2.1.0, which reads the whole file.
# Input:   two compressed pieces of a log, one appended to the other, as `cat`, `gzip >>`, rotating
#          appenders and writers in several threads make them.
# Expected: both pieces. RFC 1952, 2.2: a gzip file is a series of members, one after the other; the
#          LZ4 frame format (1.6) has frames appended to each other in the same way.
# Seen:    decompress() of lz4js gives the first piece and says nothing. gunzipSync(), gunzip() and
#          decompressSync() of fflate give less than that: as many bytes of the first piece as the
#          last one is long, 15 of 30 here. Its streaming Gunzip, given the same bytes, reads all.
# Who is hit: an archive of events, rebuilt from: everything after the first rotation never happened.
set -euo pipefail

npm install --loglevel=error --no-audit --no-fund fflate@0.8.3 lz4js@0.2.0 pako@2.1.0 >/dev/null

cat >seen.mjs <<'END'
import { gzipSync } from 'node:zlib';
import { decompressSync, gunzip, Gunzip, gunzipSync } from 'fflate';
import lz4 from 'lz4js';
import pako from 'pako';

const pieces = ['{"position":1}\n{"position":2}\n', '{"position":3}\n'].map((text) => Buffer.from(text));
const gz = Buffer.concat(pieces.map((piece) => gzipSync(piece)));
const lz = Buffer.concat(pieces.map((piece) => Buffer.from(lz4.compress(piece))));
const chunks = [];
new Gunzip((chunk) => chunks.push(chunk)).push(gz, true);

const read = {
  'fflate gunzipSync': gunzipSync(gz),
  'fflate gunzip': await new Promise((done, fail) => gunzip(gz, (error, data) => (error ? fail(error) : done(data)))),
  'fflate decompressSync': decompressSync(gz),
  'lz4js decompress': lz4.decompress(lz),
  'fflate Gunzip (stream)': Buffer.concat(chunks),
  'pako ungzip': pako.ungzip(gz),
};
const seen = Object.entries(read).map(([reader, data]) => {
  const events = Buffer.from(data).toString().split('\n').length - 1;
  console.log(`${reader.padEnd(23)} ${events} of 3 events`);
  return events;
});
process.exit(seen.join() === '1,1,1,2,3,3' ? 0 : 1);
END
node seen.mjs
