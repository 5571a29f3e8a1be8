/**
 * Kiln's capture against `docker commit` of the very same container. Whoever captures first finds the files not in
 * memory, so each goes first in turn, and firsts are compared to firsts and seconds to seconds. Nothing is removed before
 * both have captured: removing 75,000 files keeps the disk's journal busy for half a minute, at the cost of whoever is next.
 */
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { docker, MARK, removeImage, timed } from "./docker";
import { follow } from "./follow";
import { refresh } from "./kiln";
import type { Pairs } from "./stats";
import type { World } from "./world";

const ROUNDS = 4;
const BAR = 1.1;
const GO = "/tmp/kiln-bench-go";
const WRITTEN = "all of it is written";

const contents = [
  { what: "one file of 500 MB", script: "head -c 500000000 /dev/urandom > /opt/blob\n" },
  {
    what: "75,000 files",
    script: `for folder in $(seq 1 75); do
  mkdir -p /opt/files/$folder
  for file in $(seq 1 1000); do echo "$folder $file" > /opt/files/$folder/$file; done
done
`,
  },
];

export async function capture(world: World): Promise<void> {
  for (const { what, script } of contents) {
    // Of this run: what another one left would be reused.
    const written = `# ${MARK}\n${script}sync\n`;
    // It holds the build open while its container is committed once more.
    const kilnFirst = await world.publish("capture first", {
      setupScript: written,
      check: `until [ -e ${GO} ]; do sleep 0.1; done`,
    });
    const dockerFirst = await world.publish("capture second", {
      setupScript: `${written}echo ${WRITTEN}\nuntil [ -e ${GO} ]; do sleep 0.1; done\nrm ${GO}\n`,
    });
    const pairs: Pairs = { kiln: [], beside: [] };
    const ids = { kiln: kilnFirst.snapshotId, docker: dockerFirst.snapshotId };
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) ids.kiln = await refresh(world.bench, kilnFirst.slug);
      const one = await once(world, ids.kiln, (snapshot) => stepOf(snapshot, "check")?.status === "running");
      if (round > 0) ids.docker = await refresh(world.bench, dockerFirst.slug);
      const other = await once(world, ids.docker, () => false);
      pairs.kiln.push(one.kiln, other.kiln);
      pairs.beside.push(other.beside, one.beside);
    }
    world.report.ratio(`Capture of ${what} ÷ docker commit`, pairs, BAR);
  }
}

/** @param isTurn is it docker's turn, when the log hasn't said so? */
async function once(
  { bench }: World,
  snapshotId: string,
  isTurn: (snapshot: SnapshotWire) => boolean,
): Promise<{ kiln: number; beside: number }> {
  const reference = `${MARK}-capture:bench`;
  let beside: number | undefined;
  let last: SnapshotWire | undefined;
  for await (const frame of follow(bench.token, snapshotId)) {
    if (frame.type === "status") last = frame.snapshot;
    const said = frame.type === "log" && frame.lines.some(({ text }) => text === WRITTEN);
    if (beside !== undefined || !(said || (frame.type === "status" && isTurn(frame.snapshot)))) continue;
    const waiting = await containerOf(snapshotId, said ? "build" : "check", true);
    await docker("exec", waiting, "sync");
    const committed = await containerOf(snapshotId, "build", false);
    beside = await timed(() => docker("commit", "--pause=false", committed, reference));
    await docker("exec", waiting, "sync");
    // Not waited for: it may end together with the container.
    await docker("exec", "--detach", waiting, "touch", GO);
  }
  await removeImage(reference);
  const step = last ? stepOf(last, "capture") : undefined;
  if (beside === undefined || !step?.startedAt || !step.finishedAt)
    throw new Error(`snapshot ${snapshotId} is ${last?.status}: ${last?.failure?.message ?? "no capture"}`);
  return { kiln: Date.parse(step.finishedAt) - Date.parse(step.startedAt), beside };
}

const stepOf = (snapshot: SnapshotWire, name: string) => snapshot.steps.find((step) => step.name === name);

/** The newest one of its kind. A check's is waited for: its step begins before it does. */
async function containerOf(snapshotId: string, kind: "build" | "check", running: boolean): Promise<string> {
  const labels = [`dev.kiln.owner=${snapshotId}`, `dev.kiln.kind=${kind}`];
  const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    const found = await docker("ps", "--quiet", ...(running ? [] : ["--all"]), ...filters);
    const [newest] = found.split("\n");
    if (newest) return newest;
  }
  throw new Error(`The ${kind} of snapshot ${snapshotId} has no container.`);
}
