/** For tests: what an operator does about snapshots, and what can be seen of them. */
import { randomBytes } from "node:crypto";
import { db } from "@/lib/db/client.server";
import { Wake } from "@/lib/events/hub.server";
import { createProfile } from "@/lib/profiles/create.server";
import { publishDraft } from "@/lib/profiles/draft.server";
import { type SpecInput, specSchema } from "@/lib/profiles/spec";
import { readLines } from "@/lib/snapshots/read-log.server";
import { refreshVersion } from "@/lib/snapshots/request.server";
import { isTerminal } from "@/lib/snapshots/state";
import type { StepName } from "@/lib/snapshots/steps";
import { getSnapshot } from "@/lib/snapshots/store.server";
import type { LogLine, SnapshotWire } from "@/lib/snapshots/wire";
import type { Actor } from "@/lib/users/roles";
import { BUSYBOX } from "@/worker/containers/docker/testing/engine";
import { until } from "./until";

export const operator: Actor = { kind: "user", id: null, name: "Olga", role: "operator" };

export interface Published {
  slug: string;
  snapshotId: string;
}

/** Publishes version 1 of a new profile, on busybox unless the spec says otherwise. */
export async function publish(spec: Partial<SpecInput>, by = operator): Promise<Published> {
  const small = { resources: { cpus: 1, memoryMb: 128, pids: 64 }, network: "none" as const };
  const profile = await createProfile(by, {
    name: `Test ${randomBytes(3).toString("hex")}`,
    description: "",
    spec: specSchema.parse({ baseImage: BUSYBOX, ...small, ...spec }),
  });
  const { snapshot } = await publishDraft(by, profile.id, { notes: "" });
  return { slug: profile.slug, snapshotId: snapshot.id };
}

/** Asks for another snapshot of a version. */
export async function refresh(slug: string, version = 1): Promise<string> {
  const { snapshot } = await refreshVersion(operator, {
    profile: slug,
    version,
    trigger: "manual",
    mode: "full",
  });
  return snapshot.id;
}

/**
 * Changes the spec of a published version, which nobody can: for the world around a build being another one
 * at its second time.
 */
export async function forgeSpec(slug: string, changes: Record<string, unknown>): Promise<void> {
  const { id, spec } = await db().version.findFirstOrThrow({ where: { profile: { slug } } });
  const forged = JSON.stringify({ ...(spec as object), ...changes });
  await db().$transaction([
    db().$executeRaw`SELECT set_config('session_replication_role', 'replica', true)`,
    db().$executeRaw`UPDATE versions SET spec = ${forged}::jsonb WHERE id = ${id}::uuid`,
  ]);
}

/** Should what is told be lost: a test has cut the connection, or has changed the row by hand. */
const UNTOLD_MS = 250;

/**
 * Until something is so of a snapshot or its log. It is looked at when the database tells of a change, as a page does: a
 * look takes 2 ms of the processor, and what is waited for wants that for itself.
 */
async function untilToldOf<T>(
  changed: "snapshot" | "log",
  snapshotId: string,
  what: string,
  probe: () => Promise<T | null | false>,
  deadlineMs?: number,
): Promise<T> {
  const wake = new Wake(({ kind, id }) => id === snapshotId && kind === changed);
  try {
    return await until(what, probe, deadlineMs, UNTOLD_MS, (ms) => wake.next(ms));
  } finally {
    wake.close();
  }
}

/** The snapshot at its end. */
export async function ended(snapshotId: string, deadlineMs = 60_000): Promise<SnapshotWire> {
  return untilToldOf(
    "snapshot",
    snapshotId,
    `snapshot ${snapshotId} to end`,
    async () => {
      const row = await db().snapshot.findUnique({ where: { id: snapshotId }, select: { status: true } });
      return row && isTerminal(row.status) ? getSnapshot(snapshotId) : null;
    },
    deadlineMs,
  );
}

/** Publishes and waits for the end. */
export async function built(
  spec: Partial<SpecInput>,
  deadlineMs?: number,
): Promise<SnapshotWire & { slug: string }> {
  const { slug, snapshotId } = await publish(spec);
  return { ...(await ended(snapshotId, deadlineMs)), slug };
}

/** Resolves as soon as the step is at work, so that something can be done before it is over. */
export async function inStep(snapshotId: string, name: StepName): Promise<void> {
  const begun = { snapshotId, name, status: { not: "pending" } } as const;
  const look = () => db().snapshotStep.findFirst({ where: begun });
  await untilToldOf("snapshot", snapshotId, `step ${name} of ${snapshotId}`, look);
}

/** All lines that are stored, after a look at their numbers: none missing but what the log says itself, none twice. */
export async function storedLines(snapshotId: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let expected = 1;
  for await (const batch of readLines(snapshotId, {}, new AbortController().signal))
    for (const one of batch) {
      lines.push(one);
      if (one.line !== expected)
        throw new Error(`Line ${expected} of ${snapshotId} has the number ${one.line}.`);
      expected = (one.cut?.to ?? one.line) + 1;
    }
  const { log } = await getSnapshot(snapshotId);
  if (log.lines !== expected - 1)
    throw new Error(`${log.lines} lines were counted and ${expected - 1} stored.`);
  return lines;
}

/** What the script itself said, as text. */
export async function output(snapshotId: string, step: StepName = "setup"): Promise<string> {
  const said = (await storedLines(snapshotId)).filter(
    (line) => line.step === step && line.stream !== "system",
  );
  return said.map(({ text }) => text).join("\n");
}

/** Resolves when a line with this text was printed, and is stored, so that something can be done before the next ones. No line is looked at twice. */
export async function logged(snapshotId: string, text: string, deadlineMs?: number): Promise<void> {
  let after = 0;
  await untilToldOf(
    "log",
    snapshotId,
    `“${text}” in the log of ${snapshotId}`,
    async () => {
      for await (const batch of readLines(snapshotId, { after }, new AbortController().signal)) {
        if (batch.some((line) => line.stream !== "system" && line.text.includes(text))) return true;
        after = batch.at(-1)?.line ?? after;
      }
      return false;
    },
    deadlineMs,
  );
}
