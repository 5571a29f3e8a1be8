/** Work that may take longer than anybody waits for it: it goes on then, and isn't begun a second time. */
import { setTimeout as sleep } from "node:timers/promises";
import { ignoreAbort } from "@/worker/heartbeat";

export class GoingOn {
  private now: Promise<void> | null = null;

  /** @param work says itself what goes wrong in it: nobody may be there any more to hear that. */
  constructor(private readonly work: () => Promise<void>) {}

  /** Begins it, and waits until it is done, but not for long. Nothing while it still goes on from before. */
  async attend(patienceMs: number): Promise<void> {
    if (this.now !== null) return;
    this.now = this.work().finally(() => {
      this.now = null;
    });
    const waited = new AbortController();
    const patience = sleep(patienceMs, undefined, { signal: waited.signal }).catch(ignoreAbort);
    await Promise.race([this.now, patience]).finally(() => waited.abort());
  }

  /** Waits for what was begun, however long that takes. */
  async end(): Promise<void> {
    await this.now;
  }
}
