// What readers of OpenAPI make of the server's document: node openapi.mjs http://localhost:8080
//
// The linter of redocly (rules "recommended", its warnings count as errors), swagger-parser, and the
// types of openapi-typescript, which a strict TypeScript compiler must take.
import assert from "node:assert/strict";
import SwaggerParser from "@apidevtools/swagger-parser";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const text = await (await fetch(`${process.argv[2]}/openapi.json`)).text();

const config = await createConfig({ extends: ["recommended"] });
const objections = await lintFromString({ source: text, absoluteRef: "/openapi.json", config });
assert.deepEqual(objections.map((o) => `${o.location[0].pointer}: ${o.message}`), [], "redocly");

await SwaggerParser.validate(JSON.parse(text));

const types = astToString(await openapiTS(text));
const file = ts.createSourceFile("api.ts", types, ts.ScriptTarget.ES2022);
const host = ts.createCompilerHost({});
const getSourceFile = host.getSourceFile;
host.getSourceFile = (name, ...more) => (name === "api.ts" ? file : getSourceFile(name, ...more));
const program = ts.createProgram(["api.ts"], { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022 }, host);
const errors = ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
assert.deepEqual(errors, [], "TypeScript");

const operations = Object.values(JSON.parse(text).paths).flatMap((path) => Object.values(path));
assert.ok(operations.length > 100 && operations.every((one) => one.operationId));
console.log(`${operations.length} operations, and nobody objects`);
