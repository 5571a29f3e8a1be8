/** For tests: what has to be true of builds, rows and the engine, at any moment or after the last build. */
import { db } from "@/lib/db/client.server";
import { readFrames } from "@/lib/snapshots/stored-log.server";
import type { LogLine, SnapshotWire } from "@/lib/snapshots/wire";
import { INSTALLATION_LABEL } from "@/worker/containers/docker/labels";
import { docker } from "@/worker/containers/docker/testing/engine";
import { storedLines } from "./builds";

/** I1, and that what serves is there: true at every moment. @returns what is wrong. */
export async function wrongRows(): Promise<string[]> {
  const rows = await db().$queryRaw<Array<{ wrong: string }>>`
    SELECT 'several active builds of version ' || version_id AS wrong FROM snapshots
      WHERE status IN ('queued', 'running') GROUP BY version_id HAVING count(*) > 1
    UNION ALL
    SELECT 'version ' || v.id || ' is served by one that is ' || s.status FROM versions v
      JOIN snapshots s ON s.id = v.serving_snapshot_id WHERE s.status <> 'ready' OR s.image_id IS NULL
    UNION ALL
    SELECT 'snapshot ' || id || ' is ready, not a try, and has no image' FROM snapshots
      WHERE status = 'ready' AND trigger <> 'try' AND image_id IS NULL`;
  return rows.map(({ wrong }) => wrong);
}

/**
 * Each of a step's streams has its numbered lines in order, none lost and none twice: all of them where the step was
 * done, and as many as there were where it was lost, cancelled or failed. @returns what is wrong.
 */
export async function wrongOutput(snapshot: SnapshotWire, lines: number): Promise<string[]> {
  // Line numbers without a gap are looked at on the way.
  await storedLines(snapshot.id);
  const said = new Map<string, string[]>();
  for (const { attempt, line } of await everyLine(snapshot.id)) {
    const { stream, text, step } = line;
    const numbered = /^(?:line|err) (\d+)$/.exec(text)?.[1];
    if (stream === "system" || !numbered) continue;
    const key = `${step} ${stream} in attempt ${attempt}`;
    said.set(key, [...(said.get(key) ?? []), numbered]);
  }
  const all = Array.from({ length: lines }, (_, index) => `${index + 1}`).join();
  const whole = new Set([...said].filter(([, numbers]) => numbers.join() === all).map(([key]) => key));
  const torn = [...said].filter(([, numbers]) => !`${all},`.startsWith(`${numbers.join()},`));
  const missing = snapshot.steps
    .filter(({ name, status, reusedFrom }) => printing.test(name) && status === "done" && reusedFrom === null)
    .flatMap(({ name }) => ["stdout", "stderr"].map((stream) => `${name} ${stream}`))
    .filter((prefix) => ![...whole].some((key) => key.startsWith(`${prefix} in`)));
  const partsOf = (prefix: string) =>
    [...said]
      .filter(([key]) => key.startsWith(`${prefix} in`))
      .map(([key, numbers]) => `${key} said ${numbers.join()}`)
      .join("; ");
  const of = `of #${snapshot.number} (${snapshot.id}, ${snapshot.status})`;
  return [
    ...torn.map(([key, numbers]) => `${key} ${of} said ${numbers.join()}`),
    ...missing.map((prefix) => `${prefix} ${of} isn't whole: ${partsOf(prefix)}`),
  ];
}

const printing = /^setup/;

async function everyLine(snapshotId: string): Promise<Array<{ attempt: number; line: LogLine }>> {
  const all = [];
  for (let cursor = 0; ; ) {
    const frames = await readFrames(snapshotId, cursor);
    for (const { attempt, lines } of frames) for (const line of lines) all.push({ attempt, line });
    const last = frames.at(-1);
    if (!last) return all;
    cursor = last.seq;
  }
}

/** Ids of the engine's images of an installation, and what the rows explain of them, with what those were made from. */
export async function imagesAndReasons(
  installation: string,
  engine = docker,
): Promise<{ there: string[]; explained: string[]; missing: string[]; names: string[]; known: string[] }> {
  const found = await engine.listImages({
    all: true,
    filters: { label: [`${INSTALLATION_LABEL}=${installation}`] },
  });
  const snapshots = await db().snapshot.findMany({
    where: { OR: [{ imageId: { not: null } }, { keptImageId: { not: null } }] },
  });
  const layers = await db().layer.findMany();
  const named = snapshots.flatMap(({ imageId, keptImageId }) =>
    [imageId, keptImageId].filter((id) => id !== null),
  );
  const there = new Set(found.map(({ Id }) => Id));
  const explained = new Set<string>();
  for (const id of [...named, ...layers.map(({ imageId }) => imageId)])
    for (let at = id; there.has(at) && !explained.has(at); at = await parentOf(engine, at)) explained.add(at);
  return {
    there: [...there].sort(),
    explained: [...explained].sort(),
    missing: named.filter((id) => !there.has(id)),
    names: found
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((name) => name !== "<none>:<none>")
      .sort(),
    known: snapshots.flatMap(({ imageReference }) => imageReference ?? []).sort(),
  };
}

async function parentOf(engine: typeof docker, image: string): Promise<string> {
  return (await engine.getImage(image).inspect()).Parent;
}
