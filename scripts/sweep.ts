/** Sweeps all hosts, or shows what a sweep would remove; started by `sweep.mjs`, which finds the database. */
import { parseArgs } from "node:util";
import { formatSize } from "@/lib/format";
import { requestSweep } from "@/lib/sweeps/request.server";
import type { HostSweep, SweepItem } from "@/lib/sweeps/wire";
import { systemActor } from "@/lib/users/roles";

const outcomes = { would_remove: "would go", removed: "removed", kept: "stays" };

function rowOf({ kind, name, exclusiveBytes, outcome, reason, note }: SweepItem): string[] {
  const size = exclusiveBytes === null ? "" : formatSize(exclusiveBytes);
  return [outcomes[outcome], kind, name, size, note ? `${reason}; ${note}` : reason];
}

function linesOf({ host, items, exclusiveBytes, error }: HostSweep): string[] {
  if (error) return [`${host}: ${error}`];
  if (items.length === 0) return [`${host}: everything that is there is needed.`];
  const rows = [["", "KIND", "NAME", "EXCLUSIVE", "WHY"], ...items.map(rowOf)];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return [
    `${host}: ${items.length} found, ${formatSize(exclusiveBytes)} that only they hold.`,
    ...table.map((line) => `  ${line}`.trimEnd()),
  ];
}

const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
const { hosts } = await requestSweep(systemActor, values["dry-run"]);
if (hosts.length === 0) console.log("There is no host yet: start a worker first.");
for (const host of hosts) console.log(linesOf(host).join("\n"));
process.exit(hosts.some(({ error }) => error !== null) ? 1 : 0);
