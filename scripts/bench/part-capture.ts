/**
 * Kiln's capture against `docker commit` of the very same container, which stays until the check has ended. Kiln's comes
 * first, with the files not in memory and the disk quiet; what being first costs is told by a third commit.
 */
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { docker, MARK, removeImage, timed } from "./docker";
import { follow } from "./follow";
import { refresh } from "./kiln";
import type { Pairs } from "./stats";
import type { World } from "./world";

const ROUNDS = 3;
const BAR = 1.1;
const GO = "/tmp/kiln-bench-go";

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
      setupScript: `${script}sync\n`,
      // It holds the build open while its container is committed once more.
      check: `until [ -e ${GO} ]; do sleep 0.1; done`,
    });
    const pairs: Pairs = { kiln: [], beside: [] };
    const order: Pairs = { kiln: [], beside: [] };
    let id = snapshotId;
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round > 0) id = await refresh(world.bench, slug);
      const { kiln, beside, again } = await once(world, id);
      pairs.kiln.push(kiln);
      pairs.beside.push(beside);
      order.kiln.push(beside);
      order.beside.push(again);
    }
    world.report.ratio(`Capture of ${what} ÷ docker commit`, pairs, BAR);
    world.report.ratio(`… that docker commit ÷ the next one`, order, null);
  }
}

async function once(
  { bench }: World,
  snapshotId: string,
): Promise<{ kiln: number; beside: number; again: number }> {
  let beside: number | undefined;
  let again = Number.NaN;
  let last: SnapshotWire | undefined;
  for await (const frame of follow(bench.token, snapshotId)) {
    if (frame.type !== "status") continue;
    last = frame.snapshot;
    if (beside === undefined && stepOf(last, "check")?.status === "running") {
      const check = await containerOf(snapshotId, "check", true);
      await docker("exec", check, "sync");
      beside = await commitAgain(snapshotId);
      await docker("exec", check, "sync");
      again = await commitAgain(snapshotId);
      await docker("exec", check, "touch", GO);
    }
  }
  const step = last ? stepOf(last, "capture") : undefined;
  if (beside === undefined || !step?.startedAt || !step.finishedAt)
    throw new Error(`snapshot ${snapshotId} is ${last?.status}: ${last?.failure?.message ?? "no capture"}`);
  return { kiln: Date.parse(step.finishedAt) - Date.parse(step.startedAt), beside, again };
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
