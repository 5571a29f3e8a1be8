/** Reads what the activity program says. Pure. */
import { STANDBY } from "@/lib/commands/standby";
import { NAME as PREVIEW } from "@/lib/previews/port-program";
import { NAME, sections } from "./program";
import type { Activity, Port, Process } from "./wire";

const MOST_PROCESSES = 200;
/** The kernel's unit of CPU times, wherever Linux runs today. */
const TICKS = 100;
const PAGE_BYTES = 4096;
/** A limit beyond this is none: the first version of control groups says so by a number near 2^63. */
const NO_LIMIT = 2 ** 50;
const LISTENING = "0A";

type Section = (typeof sections)[number];

export function readActivity(said: string, at: Date): Activity {
  const parts = split(said);
  const limit = numberOf(parts.limit);
  const commands = readCommands(parts.cmdline);
  return {
    at: at.toISOString(),
    cpuSeconds: readCpu(parts.cpu),
    memoryBytes: numberOf(parts.memory),
    memoryLimitBytes: limit === null || limit >= NO_LIMIT ? null : limit,
    processes: readProcesses(parts.stat, commands),
    ports: readPorts(parts.tcp),
  };
}

function split(said: string): Record<Section, string> {
  const parts: Record<Section, string> = {
    uptime: "",
    memory: "",
    limit: "",
    cpu: "",
    stat: "",
    cmdline: "",
    tcp: "",
  };
  for (const part of said.split(/^=== /m)) {
    const name = sections.find((each) => part.startsWith(`${each}\n`));
    // The first of its name: a command line can't pass itself off as a section that comes later than it should.
    if (name && parts[name] === "") parts[name] = part.slice(name.length + 1);
  }
  return parts;
}

function numberOf(text: string): number | null {
  const digits = /^\d+/.exec(text.trim())?.[0];
  return digits === undefined ? null : Number(digits);
}

/** In microseconds by its name, or in nanoseconds alone. */
function readCpu(text: string): number | null {
  const micro = /^usage_usec (\d+)$/m.exec(text)?.[1];
  if (micro !== undefined) return Number(micro) / 1e6;
  const nano = numberOf(text);
  return nano === null ? null : nano / 1e9;
}

/** By process: what `head` says of several files, one after the other. */
function readCommands(text: string): Map<number, string> {
  const commands = new Map<number, string>();
  for (const part of text.split(/^==> \/proc\//m)) {
    const found = /^(\d+)\/cmdline <==\n([\s\S]*)$/.exec(part);
    if (found)
      commands.set(Number(found[1]), (found[2] ?? "").replace(/\n+$/, "").replaceAll("\0", " ").trim());
  }
  return commands;
}

const states: Record<string, Process["state"]> = {
  R: "running",
  D: "waiting",
  T: "stopped",
  t: "stopped",
  Z: "ended",
  X: "ended",
};

function readProcesses(text: string, commands: Map<number, string>): Process[] {
  const all = text.split("\n").flatMap((line): Process[] => {
    // Its name may have parentheses and spaces in it.
    const found = /^(\d+) \((.*)\) (\S) (.*)$/.exec(line);
    if (!found) return [];
    const [, pid = "", name = "", state = "", rest = ""] = found;
    const fields = rest.split(" ").map(Number);
    const [parent = 0] = fields;
    const ticks = (fields[10] ?? 0) + (fields[11] ?? 0);
    return [
      {
        pid: Number(pid),
        parent,
        name,
        command: commands.get(Number(pid)) || name,
        state: states[state] ?? "sleeping",
        cpuSeconds: ticks / TICKS,
        memoryBytes: (fields[20] ?? 0) * PAGE_BYTES,
      },
    ];
  });
  const isOwn = ({ command }: Process) => [NAME, PREVIEW, STANDBY].some((name) => command.includes(name));
  const own = new Set(all.filter(isOwn).map(({ pid }) => pid));
  return all
    .filter(({ pid, parent }) => !own.has(pid) && !own.has(parent))
    .sort((one, other) => other.memoryBytes - one.memoryBytes || one.pid - other.pid)
    .slice(0, MOST_PROCESSES);
}

function readPorts(text: string): Port[] {
  const ports = new Map<number, Port>();
  for (const line of text.split("\n")) {
    const found = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ (..) /.exec(line);
    if (!found || found[3] !== LISTENING) continue;
    const port = Number.parseInt(found[2] ?? "", 16);
    const address = addressOf(found[1] ?? "");
    // The same one for both families: what is reachable from further away counts.
    if (ports.get(port)?.address !== "any") ports.set(port, { port, address });
  }
  return [...ports.values()].sort((one, other) => one.port - other.port);
}

/** The kernel writes addresses word by word in the machine's own order. */
function addressOf(hex: string): Port["address"] {
  if (/^0+$/.test(hex)) return "any";
  const isLoopback =
    /^(?:0000000000000000FFFF0000)?[0-9A-F]{6}7F$/.test(hex) || hex === "00000000000000000000000001000000";
  return isLoopback ? "loopback" : "one";
}
