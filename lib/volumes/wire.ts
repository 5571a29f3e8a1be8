/** What outlives a session's container, as it crosses to the browser and the API. */
import { z } from "zod";

export const volumeStateSchema = z.enum(["new", "live", "archiving", "archived", "restoring"]);
export type VolumeState = z.infer<typeof volumeStateSchema>;

const volumeSchema = z.object({
  path: z.string(),
  state: volumeStateSchema,
  /** Null before a worker has measured it. */
  bytes: z.number().nullable(),
  measuredAt: z.iso.datetime().nullable(),
  /** Compressed. */
  archiveBytes: z.number().nullable(),
  archivedAt: z.iso.datetime().nullable(),
});
export type VolumeWire = z.infer<typeof volumeSchema>;

const snapshotRef = z.object({ id: z.uuid(), number: z.int(), version: z.int() });

/** What of a persistent session persists. */
export const persistedSchema = z.object({
  volumes: z.array(volumeSchema),
  /** What all of them together may hold. */
  limitBytes: z.number(),
  /** Of one that doesn't run: unless it is resumed, its files are archived then. */
  archivesAt: z.iso.datetime().nullable(),
  /** Its container is being replaced by one from this snapshot. */
  movingTo: snapshotRef.nullable(),
  /** What it can move to: the snapshot that its version's sessions start from now. */
  newest: snapshotRef.nullable(),
});
export type PersistedWire = z.infer<typeof persistedSchema>;

/** Whether persistent sessions may be started here. */
export const persistenceSchema = z.object({
  allowed: z.boolean(),
  /** Who said so last. */
  by: z.string().nullable(),
  /** After so many days without use the files of one are archived. */
  archiveDays: z.number(),
});
export type PersistenceWire = z.infer<typeof persistenceSchema>;

export const persistenceInputSchema = z.strictObject({ allowed: z.boolean() });
