/** What the benchmarks share: a token of their own on the running Kiln, and what a client does with it. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { closeDatabase } from "@/lib/db/client.server";
import { closeSender } from "@/lib/jobs/boss.server";
import { isTerminal } from "@/lib/snapshots/state";
import { type SnapshotWire, snapshotSchema } from "@/lib/snapshots/wire";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import { type Role, systemActor } from "@/lib/users/roles";
import { baseImage, url } from "./address";
import { follow } from "./follow";

const UNWATCHED_MS = 600_000;
const ASK_EVERY_MS = 500;

export type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;
export interface Bench {
  call: Call;
  token: string;
}

export type SpecChanges = Record<string, unknown>;

/** What the API refused, and why. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Runs `measure` with a token that is revoked at the end. */
export async function withToken(
  measure: (bench: Bench) => Promise<void>,
  role: Role = "operator",
): Promise<void> {
  const { token, wire } = await createToken({ name: "benchmark", role });
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Refused(response.status, `${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  try {
    await measure({ call, token });
  } finally {
    await revokeToken(systemActor, wire.id);
    await closeSender();
    await closeDatabase();
  }
}

const answered = z.object({ snapshot: snapshotSchema });

/** Publishes the draft that there is; answers the snapshot's id. */
export async function publish({ call }: Bench, slug: string): Promise<string> {
  return answered.parse(await call("POST", `/profiles/${slug}/publish`)).snapshot.id;
}

/** Makes a profile with a draft; answers its slug. */
export async function makeProfile({ call }: Bench, name: string, spec: SpecChanges): Promise<string> {
  const answer = await call("POST", "/profiles", { name, spec: { baseImage, ...spec } });
  return z.object({ slug: z.string() }).parse(answer).slug;
}

/** Makes and publishes a profile; answers its slug and the first snapshot's id. */
export async function publishProfile(
  bench: Bench,
  name: string,
  spec: SpecChanges,
): Promise<{ slug: string; snapshotId: string }> {
  const slug = await makeProfile(bench, name, spec);
  return { slug, snapshotId: await publish(bench, slug) };
}

/** Makes a draft of the newest version, and with `spec` changes it: what comes before a click on Publish. */
export async function prepareDraft({ call }: Bench, slug: string, spec?: SpecChanges): Promise<void> {
  await call("POST", `/profiles/${slug}/draft`, {});
  if (spec) await call("PUT", `/profiles/${slug}/draft`, { baseImage, ...spec });
}

/** Asks for a snapshot of a version; answers its id. */
export async function refresh({ call }: Bench, slug: string, version = 1): Promise<string> {
  return answered.parse(await call("POST", `/profiles/${slug}/versions/${version}/refresh`)).snapshot.id;
}

/** Follows a snapshot's log to its end, as any client would. @throws Error when it doesn't become ready. */
export async function untilReady(bench: Bench, snapshotId: string): Promise<SnapshotWire> {
  let last: SnapshotWire | undefined;
  for await (const frame of follow(bench.token, snapshotId))
    if (frame.type === "status") last = frame.snapshot;
  if (last?.status === "ready") return last;
  throw new Error(`Snapshot ${snapshotId} is ${last?.status ?? "unknown"}: ${last?.failure?.message ?? ""}`);
}

/**
 * Asks now and then whether a snapshot has ended, for measurements in which nobody looks on: who follows a log has it
 * sent, and that costs the machine as much as making it does. @throws Error when it doesn't become ready.
 */
export async function unwatchedUntilReady({ call }: Bench, snapshotId: string): Promise<SnapshotWire> {
  const deadline = Date.now() + UNWATCHED_MS;
  while (Date.now() < deadline) {
    const snapshot = snapshotSchema.parse(await call("GET", `/snapshots/${snapshotId}`));
    if (snapshot.status === "ready") return snapshot;
    if (isTerminal(snapshot.status))
      throw new Error(`Snapshot ${snapshotId} is ${snapshot.status}: ${snapshot.failure?.message ?? ""}`);
    await delay(ASK_EVERY_MS);
  }
  throw new Error(`Snapshot ${snapshotId} hasn't ended after ${UNWATCHED_MS / 1000} s.`);
}

/** Cancels a snapshot that hasn't ended, and waits for its end. */
export async function cancelAndWait(bench: Bench, snapshotId: string): Promise<void> {
  await bench.call("POST", `/snapshots/${snapshotId}/cancel`);
  for await (const _frame of follow(bench.token, snapshotId));
}

/** From the request to the moment at which its live stream says ready, in milliseconds. */
export async function clickToReady(bench: Bench, click: () => Promise<string>): Promise<number> {
  const start = performance.now();
  await untilReady(bench, await click());
  return performance.now() - start;
}

/** One refresh, as above. */
export const timeRefresh = (bench: Bench, slug: string) => clickToReady(bench, () => refresh(bench, slug));

/** One publication of the draft that is prepared, as above. */
export const timePublish = (bench: Bench, slug: string) => clickToReady(bench, () => publish(bench, slug));

/** All snapshots of a profile. */
export async function snapshotsOf({ call }: Bench, slug: string): Promise<SnapshotWire[]> {
  const versions = z
    .object({ items: z.array(z.object({ number: z.number().nullable() })) })
    .parse(await call("GET", `/profiles/${slug}/versions?limit=100`));
  const lists = await Promise.all(
    versions.items.flatMap(({ number }) =>
      number === null ? [] : [call("GET", `/profiles/${slug}/versions/${number}/snapshots?limit=100`)],
    ),
  );
  return lists.flatMap((list) => z.object({ items: z.array(snapshotSchema) }).parse(list).items);
}
