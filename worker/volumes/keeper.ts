/** Looks after what sessions keep on one engine: archives what nobody uses, measures, and stops what holds too much. */
import { log } from "@/lib/log.server";
import { listDueArchives, neededArchives } from "@/lib/volumes/archive.server";
import { needMeasuring, recordVolumeSizes, stopOverfull } from "@/lib/volumes/progress.server";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { limitDisks } from "@/worker/sessions/disk";
import { archiveSession } from "./archive";
import { listArchives, removeArchive } from "./archive-file";

/** After a failure: a disk that is full shan't be written to every half minute. */
const REST_MS = 10 * 60_000;

export async function measureVolumes({ hostId }: WorkerIdentity, engine: Engine): Promise<void> {
  if (!(await needMeasuring(hostId))) return;
  await recordVolumeSizes(hostId, await engine.volumeBytes());
  for (const sessionId of await stopOverfull(hostId))
    log.warn({ sessionId }, "a session's persistent folders hold too much: it is being stopped");
}

/** Files that no session has any more. The folder is read first: a row names its file before that is there. */
export async function collectArchives(): Promise<void> {
  const found = await listArchives();
  const needed = await neededArchives(found.map(({ name }) => name));
  for (const { file, name } of found) {
    if (needed.has(name)) continue;
    await removeArchive(file);
    log.info({ file }, "removed an archive that no session has");
  }
}

/** Beside everything else. Measures, and archives, one pass at a time; neither waits for the other: an archive may take long. */
export class VolumeKeeper {
  private readonly running = new Set<string>();
  private restsUntil = 0;

  constructor(
    private readonly worker: WorkerIdentity,
    private readonly engine: Engine,
    private readonly signal: AbortSignal,
  ) {}

  /** @param measure also counts what the volumes hold and the containers have written, which takes the engine a while */
  tend(measure: boolean): void {
    if (measure) {
      void this.alone("measure", () => measureVolumes(this.worker, this.engine));
      void this.alone("disk", () => limitDisks(this.worker, this.engine, this.signal));
    }
    void this.alone("archive", async () => {
      if (performance.now() >= this.restsUntil) await this.archive();
      await collectArchives();
    });
  }

  private async alone(what: string, work: () => Promise<void>): Promise<void> {
    if (this.running.has(what)) return;
    this.running.add(what);
    try {
      await work();
    } catch (error) {
      if (!this.signal.aborted)
        log.warn({ err: error, what }, "the volumes could not be looked after; the next time tries again");
    }
    this.running.delete(what);
  }

  private async archive(): Promise<void> {
    const { hostId, id } = this.worker;
    for (const sessionId of await listDueArchives(hostId, id)) {
      try {
        await archiveSession(sessionId, this.worker, this.engine, this.signal);
      } catch (error) {
        this.restsUntil = performance.now() + REST_MS;
        throw error;
      }
    }
  }
}
