/** Looks after the caches of one engine: clears those that somebody asked for, and measures all of them. */
import {
  forgetCaches,
  hasCaches,
  listAskedClears,
  needMeasuring,
  recordCacheSizes,
  recordCleared,
} from "@/lib/caches/progress.server";
import { installationId } from "@/lib/installation.server";
import { log } from "@/lib/log.server";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";

/** Never by force: one that a build uses stays, and is tried again when a build ends and every minute. */
export async function clearAsked({ hostId }: WorkerIdentity, engine: Engine): Promise<void> {
  for (const asked of await listAskedClears(hostId)) {
    if (!(await engine.removeVolume(asked.volume))) continue;
    if (await recordCleared(asked)) log.info({ volume: asked.volume }, "a cache was cleared");
  }
}

/** Sizes are the engine's own count, which takes it a while; rows that nobody needs go once their volumes have. */
export async function measureCaches({ hostId }: WorkerIdentity, engine: Engine): Promise<void> {
  if (!(await hasCaches(hostId))) return;
  if (await needMeasuring(hostId)) await recordCacheSizes(hostId, await engine.volumeBytes());
  const volumes = await engine.listVolumes(await installationId());
  await forgetCaches(hostId, new Set(volumes.map(({ name }) => name)));
}

/** Does both beside everything else, one pass at a time; what is asked for meanwhile is another pass. */
export class CacheKeeper {
  private wanted: "nothing" | "clear" | "measure" = "nothing";
  private running = false;

  constructor(
    private readonly worker: WorkerIdentity,
    private readonly engine: Engine,
    private readonly signal: AbortSignal,
  ) {}

  /** Clears what was asked for. */
  clear(): void {
    if (this.wanted === "nothing") this.wanted = "clear";
    void this.work();
  }

  /** Clears, then measures. */
  measure(): void {
    this.wanted = "measure";
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (this.wanted !== "nothing" && !this.signal.aborted) {
      const measures = this.wanted === "measure";
      this.wanted = "nothing";
      try {
        await clearAsked(this.worker, this.engine);
        if (measures) await measureCaches(this.worker, this.engine);
      } catch (error) {
        log.warn({ err: error }, "the caches could not be looked after; the next time tries again");
      }
    }
    this.running = false;
  }
}
