// Holds what `kubectl kustomize` prints, on standard input, against the API of Kubernetes, and prints it
// as a JSON list: kubectl kustomize deploy/kubernetes | node kubernetes.mjs
//
// Every value must be what kubernetes-models says of its field, and every field must be one that it
// knows: the first is checked by its schemas, the second by the compiler with its types, as an API
// server only warns of a field that it does not know, and goes on without what was meant.
import { readFileSync } from "node:fs";
import ts from "typescript";
import { parseAllDocuments } from "yaml";

// apps/v1 StatefulSet -> kubernetes-models/apps/v1; v1 Secret -> kubernetes-models/v1.
const moduleOf = ({ apiVersion }) => `kubernetes-models/${apiVersion}`;

async function refusedValues(resource) {
  const kinds = await import(moduleOf(resource));
  const Kind = kinds[resource.kind] ?? kinds.default?.[resource.kind];
  if (Kind === undefined) return [`there is no kind ${resource.kind} in ${resource.apiVersion}`];
  try {
    new Kind(resource).validate();
    return [];
  } catch (error) {
    return [error.message];
  }
}

// An object literal may not have a property that its type does not have.
function refusedFields(resources) {
  const name = new URL("kubernetes-checked.ts", import.meta.url).pathname;
  const text = resources.map((resource, at) =>
    `import { I${resource.kind} as Kind${at} } from "${moduleOf(resource)}";\n` +
    `export const resource${at}: Kind${at} = ${JSON.stringify(resource)};\n`).join("");
  const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022,
                    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, ...rest) => path === name
    ? ts.createSourceFile(name, text, options.target)
    : getSourceFile(path, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program)
    .map((found) => ts.flattenDiagnosticMessageText(found.messageText, "\n"));
}

const resources = parseAllDocuments(readFileSync(0, "utf8")).map((document) => {
  if (document.errors.length > 0) throw document.errors[0];
  return document.toJS();
});
const wrong = refusedFields(resources);
for (const resource of resources)
  for (const why of await refusedValues(resource))
    wrong.push(`${resource.kind} ${resource.metadata?.name}: ${why}`);
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
console.log(JSON.stringify(resources));
