/** From asking for a session to the answer of its first command: with warm sandboxes, and without. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { poolSchema } from "@/lib/pool/wire";
import { sessionSchema } from "@/lib/sessions/wire";
import { Cleanup } from "./cleanup";
import { type Bench, publishProfile, untilReady } from "./kiln";
import type { Report } from "./report";
import { percentile95 } from "./stats";

const STARTS = 20;
const POOL = 3;
const MEDIAN_MS = 100;
const P95_MS = 250;
const LOOK_MS = 100;
const FILL_MS = 60_000;

export async function partWarm(bench: Bench, report: Report): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const { slug, snapshotId } = await publishProfile(bench, `Bench warm ${Date.now()}`, {});
    cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
    await untilReady(bench, snapshotId);
    const cold = await times(bench, slug, async () => undefined);
    cleanup.later("its pool", () => bench.call("PATCH", `/profiles/${slug}`, { poolSize: 0 }));
    await bench.call("PATCH", `/profiles/${slug}`, { poolSize: POOL });
    const warm = await times(bench, slug, () => untilFull(bench, slug));
    report.limit("start to first answer, warm", warm, MEDIAN_MS);
    report.limit("the same, 95 of 100", [percentile95(warm)], P95_MS);
    report.ratio("warm against a normal start", { kiln: warm, beside: cold }, null);
  } finally {
    for (const left of await cleanup.run()) report.note(`could not be taken away: ${left}`);
  }
}

async function times({ call }: Bench, slug: string, prepare: () => Promise<void>): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    await prepare();
    const start = performance.now();
    const { id } = sessionSchema.parse(await call("POST", "/sessions", { profile: slug, wait: "running" }));
    const answer = await call("POST", `/sessions/${id}/exec`, { command: ["echo", "up"] });
    found.push(performance.now() - start);
    if (z.object({ stdout: z.string() }).parse(answer).stdout !== "up\n")
      throw new Error(`The session ${id} gave another answer.`);
    await call("DELETE", `/sessions/${id}`);
  }
  return found;
}

/** @throws Error when it isn't in time. */
async function untilFull({ call }: Bench, slug: string): Promise<void> {
  const until = performance.now() + FILL_MS;
  for (;;) {
    const { ready, note } = poolSchema.parse(await call("GET", `/profiles/${slug}/pool`));
    if (ready === POOL) return;
    if (performance.now() > until) throw new Error(`The pool isn't full: ${note ?? `${ready} wait`}`);
    await sleep(LOOK_MS);
  }
}
