/**
 * What a session is like to work in. `start`: from the request to its first command's answer, against `docker run` and `docker exec` (bar:
 * 1.2). `warm`: the same with sandboxes that wait (bar: median under 100 ms, 95th percentile under 250 ms) and without. `terminal`:
 * from a key in a real browser to its echo on the screen (bar: median under 30 ms), and the same without a browser, from the web's
 * port through the gateway and back. `many`: what a worker needs for 50 of them (bar: 200 MiB).
 */
import { parseArgs } from "node:util";
import { withToken } from "./kiln";
import { partMany } from "./part-many";
import { partStart } from "./part-start";
import { partTerminal } from "./part-terminal";
import { partWarm } from "./part-warm";
import { Report } from "./report";

const parts = { start: partStart, warm: partWarm, terminal: partTerminal, many: partMany };

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.split(",") ?? Object.keys(parts);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}; there is: ${Object.keys(parts).join(", ")}.`);
  process.exit(1);
}

const report = new Report(console.log);
await withToken(async (bench) => {
  for (const [name, run] of Object.entries(parts)) if (wanted.includes(name)) await run(bench, report);
});
for (const line of report.table()) console.log(line);
