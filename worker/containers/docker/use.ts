/** What a running container uses. */
import { z } from "zod";
import { type ContainerUse, EngineError } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { get } from "./get";

const statsAnswer = z.object({
  memory_stats: z.object({
    usage: z.number().optional(),
    // The first in version 2 of control groups, the second in version 1.
    stats: z
      .object({ inactive_file: z.number().optional(), total_inactive_file: z.number().optional() })
      .nullish(),
  }),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number().default(0) }) }),
});

/** Asked once: the engine would otherwise look twice, a second apart. One that doesn't run has no memory to tell of. */
export async function containerUse(client: Client, container: string): Promise<ContainerUse> {
  const path = `/containers/${encodeURIComponent(container)}/stats?stream=false&one-shot=true`;
  const raw = await get(client.docker, path, client.deadlines.quick);
  const { memory_stats, cpu_stats } = understood(statsAnswer, raw, "container's use");
  const { usage, stats } = memory_stats;
  if (usage === undefined) throw new EngineError("failed", "The container doesn't run.");
  const cached = stats?.inactive_file ?? stats?.total_inactive_file ?? 0;
  return { memoryBytes: Math.max(0, usage - cached), cpuSeconds: cpu_stats.cpu_usage.total_usage / 1e9 };
}
