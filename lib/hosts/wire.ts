/** Hosts and workers as they cross to the browser and the API. */
import { z } from "zod";

export const workerSchema = z.object({
  host: z.string(),
  name: z.string(),
  /** `lost`: it said nothing for 30 s and didn't say goodbye. */
  status: z.enum(["running", "draining", "lost"]),
  /** What it runs containers with, when that isn't the engine's default. */
  runtime: z.string().nullable(),
  seenAt: z.iso.datetime(),
});
export type WorkerWire = z.infer<typeof workerSchema>;

/** Whether the container engine answers. `unhealthy` goes away by itself as soon as it does. */
export const engineHealthSchema = z.object({
  status: z.enum(["healthy", "unhealthy"]),
  /** Since when it doesn't answer, and what was met instead; null while it does. */
  since: z.iso.datetime().nullable(),
  error: z.string().nullable(),
});
export type EngineHealth = z.infer<typeof engineHealthSchema>;

export const hostSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The engine's version. */
  engine: z.string(),
  /** Where it keeps everything. */
  dataRoot: z.string(),
  /** Null when no worker can see it, as with an engine on another machine. */
  disk: z
    .object({
      freeBytes: z.number(),
      totalBytes: z.number(),
      seenAt: z.iso.datetime(),
      /** Builds wait until there is more. */
      low: z.boolean(),
    })
    .nullable(),
  health: engineHealthSchema,
  /** How many results of steps are kept on it for later builds. */
  stepResults: z.number().int(),
  workers: z.array(workerSchema),
});
export type HostWire = z.infer<typeof hostSchema>;

export const healthSchema = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  database: z.enum(["ok", "down"]),
  workers: z.array(workerSchema),
  /** The engines that these workers serve. */
  hosts: z.array(engineHealthSchema.pick({ status: true, since: true }).extend({ name: z.string() })),
});
export type Health = z.infer<typeof healthSchema>;
