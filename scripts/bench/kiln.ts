/** What the benchmarks share: a token and a profile of their own on the running Kiln, archived afterwards. */
import { createParser } from "eventsource-parser";
import { z } from "zod";
import { closeDatabase } from "@/lib/db/client.server";
import { closeSender } from "@/lib/jobs/boss.server";
import { type SnapshotWire, snapshotSchema } from "@/lib/snapshots/wire";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import { systemActor } from "@/lib/users/roles";

export const url = process.env.KILN_URL ?? "http://localhost:3000";
export const baseImage = process.env.KILN_DEFAULT_BASE_IMAGE ?? "kiln/base:bookworm";

export type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;
export interface Bench {
  call: Call;
  token: string;
}

/** Runs `measure` with a token that is revoked at the end. */
export async function withToken(measure: (bench: Bench) => Promise<void>): Promise<void> {
  const { token, wire } = await createToken({ name: "benchmark", role: "operator" });
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
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

/** Makes and publishes a profile; answers its slug and the first snapshot's id. */
export async function publishProfile(
  { call }: Bench,
  name: string,
  spec: Record<string, unknown>,
): Promise<{ slug: string; snapshotId: string }> {
  const { slug } = z
    .object({ slug: z.string() })
    .parse(await call("POST", "/profiles", { name, spec: { baseImage, ...spec } }));
  const { snapshot } = z
    .object({ snapshot: snapshotSchema })
    .parse(await call("POST", `/profiles/${slug}/publish`));
  return { slug, snapshotId: snapshot.id };
}

/** Follows a snapshot's log to its end, as any client would. @throws Error when it doesn't become ready. */
export async function untilReady({ token }: Bench, snapshotId: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/snapshots/${snapshotId}/log`, {
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
  });
  let last: SnapshotWire | undefined;
  let ended = false;
  const parser = createParser({
    onEvent(event) {
      if (event.event === "status") last = snapshotSchema.parse(JSON.parse(event.data));
      if (event.event === "end") ended = true;
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (ended) break;
  }
  if (last?.status !== "ready")
    throw new Error(
      `Snapshot ${snapshotId} is ${last?.status ?? "unknown"}: ${last?.failure?.message ?? ""}`,
    );
}
