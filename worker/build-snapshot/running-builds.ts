/** The builds of this process, and the way to stop them from outside. */
import type { Claim } from "@/lib/snapshots/log-store.server";
import type { StopReason } from "./failures";

export class RunningBuilds {
  private readonly builds = new Map<string, { claim: Claim; stop: AbortController }>();
  private closed: StopReason | undefined;

  /** Does this process take builds no more? */
  get isClosed(): boolean {
    return this.closed !== undefined;
  }

  add(claim: Claim): AbortController {
    const stop = new AbortController();
    // This process lost it, and got it again.
    this.stop(claim.snapshotId, { kind: "claim_lost" });
    this.builds.set(claim.snapshotId, { claim, stop });
    if (this.closed) stop.abort(this.closed);
    return stop;
  }

  remove(claim: Claim): void {
    if (this.builds.get(claim.snapshotId)?.claim.fence === claim.fence)
      this.builds.delete(claim.snapshotId);
  }

  has(snapshotId: string): boolean {
    return this.builds.has(snapshotId);
  }

  get size(): number {
    return this.builds.size;
  }

  stop(snapshotId: string, reason: StopReason): void {
    this.builds.get(snapshotId)?.stop.abort(reason);
  }

  /** Also what comes later: a delivery may be on its way. */
  stopAll(reason: StopReason): void {
    this.closed = reason;
    for (const { stop } of this.builds.values()) stop.abort(reason);
  }

  /** Builds whose lease could not be renewed are somebody else's now. `held` are those that could. */
  dropLost(held: ReadonlyArray<{ id: string; fence: number }>, asked: ReadonlySet<string>): void {
    for (const [id, { claim, stop }] of this.builds)
      if (asked.has(id) && !held.some((row) => row.id === id && row.fence === claim.fence))
        stop.abort({ kind: "claim_lost" } satisfies StopReason);
  }

  claims(): Claim[] {
    return [...this.builds.values()].map(({ claim }) => claim);
  }

  ids(): Set<string> {
    return new Set(this.builds.keys());
  }
}
