/** What runs in a session, as it crosses to the browser and the API. */
import { z } from "zod";

const processSchema = z.object({
  pid: z.number().int(),
  parent: z.number().int(),
  /** At most 15 characters, as the kernel keeps it. */
  name: z.string(),
  /** With its arguments, 400 bytes at most; the name where it has none. */
  command: z.string(),
  state: z.enum(["running", "sleeping", "waiting", "stopped", "ended"]),
  /** Since it began. */
  cpuSeconds: z.number(),
  memoryBytes: z.number(),
});
export type Process = z.infer<typeof processSchema>;

const portSchema = z.object({
  port: z.number().int(),
  /** `any`: reachable from outside of the sandbox's own loopback. */
  address: z.enum(["any", "loopback", "one"]),
});
export type Port = z.infer<typeof portSchema>;

export const activitySchema = z.object({
  at: z.iso.datetime(),
  /** Of all that has run in the sandbox since it started; null where the sandbox can't tell. */
  cpuSeconds: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  memoryLimitBytes: z.number().nullable(),
  /** Those that use most memory first; 200 at most. */
  processes: z.array(processSchema),
  /** Where something listens. */
  ports: z.array(portSchema),
});
export type Activity = z.infer<typeof activitySchema>;
