/** Many sessions at once: how long it takes until all of them run, and what their worker needs for them. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { pageOf } from "@/lib/page";
import { sessionSchema } from "@/lib/sessions/wire";
import { Cleanup } from "./cleanup";
import { timed } from "./docker";
import { type Bench, publishProfile, untilReady } from "./kiln";
import type { Report } from "./report";
import { WorkerMemory } from "./worker-memory";

const SESSIONS = 50;
const AT_ONCE = 20;
const BAR_MIB = 200;
/** Long enough for every round of the worker that looks after sessions. */
const WATCH_MS = 60_000;

export async function partMany(bench: Bench, report: Report): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const { slug, snapshotId } = await publishProfile(bench, `Bench many ${Date.now()}`, {
      resources: { cpus: 0.1, memoryMb: 64, pids: 64 },
    });
    cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
    const { worker } = await untilReady(bench, snapshotId);
    const memory = WorkerMemory.of(worker);
    const start = async () => {
      const started = await bench.call("POST", "/sessions", { profile: slug, wait: "running" });
      const session = sessionSchema.parse(started);
      cleanup.later(`session ${session.id}`, () => bench.call("DELETE", `/sessions/${session.id}`));
      if (session.status !== "running") throw new Error(`session ${session.id} is ${session.status}`);
    };
    memory?.start();
    const all = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, start)));
    report.say(`  ${AT_ONCE} sessions asked for at once run after ${(all / 1000).toFixed(1)} s`);
    for (let left = SESSIONS - AT_ONCE; left > 0; left -= 10)
      await Promise.all(Array.from({ length: Math.min(10, left) }, start));
    const until = Date.now() + WATCH_MS;
    // Somebody looks at them meanwhile.
    for (; Date.now() < until; await delay(1_000))
      await bench.call("GET", `/sessions?profile=${slug}&limit=100`);
    const list = pageOf(z.object({ status: z.string() })).parse(
      await bench.call("GET", `/sessions?profile=${slug}&limit=100`),
    );
    const running = list.items.filter(({ status }) => status === "running").length;
    if (running !== SESSIONS) throw new Error(`${running} of ${SESSIONS} sessions run`);
    if (memory)
      report.figure(`worker's memory with ${SESSIONS} running sessions, MiB`, memory.stop().most, BAR_MIB);
    else
      report.missing(`worker's memory with ${SESSIONS} running sessions`, "its worker isn't on this machine");
  } finally {
    await cleanup.run();
  }
}
