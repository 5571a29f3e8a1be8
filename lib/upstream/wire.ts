/** How far a serving snapshot is behind what it was built from, as it crosses to the browser and the API. */
import { z } from "zod";

export const driftSchema = z.object({
  /** When it was first seen that the registry has another image under the base image's name. */
  baseMovedAt: z.iso.datetime().nullable(),
  /** When it was first seen that one of its repositories has a newer head, and which have. */
  repositoryMovedAt: z.iso.datetime().nullable(),
  repositories: z.array(z.string()),
  /** The last look, and who didn't answer. */
  checkedAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
});
export type DriftWire = z.infer<typeof driftSchema>;

export const staleReasonSchema = z.object({
  kind: z.enum(["base_changed", "repository_changed", "secret_rotated", "age"]),
  /** Since when it has been so; null where nobody knows. */
  since: z.iso.datetime().nullable(),
});
export type StaleReason = z.infer<typeof staleReasonSchema>;

/** A version that new sessions start from and whose snapshot is out of date. */
export const staleSchema = z.object({
  profile: z.object({ slug: z.string(), name: z.string() }),
  version: z.int(),
  snapshot: z.object({ id: z.uuid(), number: z.int(), finishedAt: z.iso.datetime() }),
  reasons: z.array(staleReasonSchema),
  /** One is queued or running already. */
  refreshing: z.boolean(),
});
export type StaleWire = z.infer<typeof staleSchema>;

export const refreshedSchema = z.object({ queued: z.int(), joined: z.int(), left: z.int() });
export type RefreshedWire = z.infer<typeof refreshedSchema>;
