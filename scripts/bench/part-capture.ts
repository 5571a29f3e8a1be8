/**
 * Kiln's capture against `docker commit` of the very same container, which waits before the capture and stays until the
 * check has ended. The plain tool comes first and second by turns: whoever is second finds the files in memory, and a
 * disk that still writes what the first one made.
 */
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { docker, MARK, removeImage, timed } from "./docker";
import { follow } from "./follow";
import { refresh } from "./kiln";
import type { Pairs } from "./stats";
import type { World } from "./world";

const ROUNDS = 6;
const BAR = 1.1;
const GO = "/tmp/kiln-bench-go";
const WAIT = `until [ -e ${GO} ]; do sleep 0.1; done`;
/** What the script says when it has made its files. */
const MADE = "made";

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
    const { slug, snapshotId } = await world.publish("capture", {
      // Whoever captures first would otherwise pay for what the script has left in memory.
      setupScript: `${script}sync\necho ${MADE}\n${WAIT}\nrm ${GO}\n`,
      // It holds the build open while its container is committed once more.
      check: WAIT,
    });
    const pairs: Pairs = { kiln: [], beside: [] };
    let id = snapshotId;
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) id = await refresh(world.bench, slug);
      const { kiln, beside } = await once(world, id, round % 2 === 0 ? "capture" : "check");
      pairs.kiln.push(kiln);
      pairs.beside.push(beside);
    }
    world.report.ratio(`Capture of ${what} ÷ docker commit`, pairs, BAR);
  }
}

/** @param before what the plain tool goes before */
async function once(
  { bench }: World,
  snapshotId: string,
  before: "capture" | "check",
): Promise<{ kiln: number; beside: number }> {
  let beside: number | undefined;
  let last: SnapshotWire | undefined;
  const go = async (kind: "build" | "check", isTurn: boolean) => {
    const waiting = await containerOf(snapshotId, kind, true);
    if (isTurn) {
      await docker("exec", waiting, "sync");
      beside = await commitAgain(snapshotId);
      await docker("exec", waiting, "sync");
    }
    await docker("exec", waiting, "touch", GO);
  };
  let isChecked = false;
  for await (const frame of follow(bench.token, snapshotId)) {
    if (frame.type === "log") {
      if (frame.lines.some(({ text }) => text === MADE)) await go("build", before === "capture");
      continue;
    }
    last = frame.snapshot;
    if (!isChecked && stepOf(last, "check")?.status === "running") {
      isChecked = true;
      await go("check", before === "check");
    }
  }
  const step = last ? stepOf(last, "capture") : undefined;
  if (beside === undefined || !step?.startedAt || !step.finishedAt)
    throw new Error(`snapshot ${snapshotId} is ${last?.status}: ${last?.failure?.message ?? "no capture"}`);
  return { kiln: Date.parse(step.finishedAt) - Date.parse(step.startedAt), beside };
}

const stepOf = (snapshot: SnapshotWire, name: string) => snapshot.steps.find((step) => step.name === name);

async function commitAgain(snapshotId: string): Promise<number> {
  const reference = `${MARK}-capture:bench`;
  const container = await containerOf(snapshotId, "build", false);
  const took = await timed(() => docker("commit", container, reference));
  await removeImage(reference);
  return took;
}

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
