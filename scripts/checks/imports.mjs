/** Checks the import rules; a program of its own because its parser isn't there before the dependencies are. */
import { root } from "../setup/paths.mjs";
import { readImportGraph } from "./import-graph.mjs";
import { findShortfalls, findViolations } from "./import-rules.mjs";

const modules = readImportGraph(root);
const problems = [...findShortfalls(modules), ...findViolations(modules)];
for (const problem of problems) console.log(problem);
const imports = modules.reduce((sum, module) => sum + module.imports.length, 0);
console.log(`${modules.length} modules, ${imports} imports, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
