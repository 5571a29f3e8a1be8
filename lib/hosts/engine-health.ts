/** What is said of a host whose container engine doesn't answer. */
import type { EngineHealth } from "./wire";

export function healthOf(row: { engineError: string | null; engineAwaySince: Date | null }): EngineHealth {
  return {
    status: row.engineError === null ? "healthy" : "unhealthy",
    since: row.engineAwaySince?.toISOString() ?? null,
    error: row.engineError,
  };
}

/** Why a build waits in the queue. */
export const engineAway = (host: string) => `Waiting: the engine of ${host} doesn't answer.`;
