/** Profiles, drafts and versions as they cross to the browser and the API. */
import { z } from "zod";
import { MAX_INT } from "@/lib/page";
import { poolSize } from "@/lib/pool/wire";
import { scheduleSchema } from "@/lib/schedules/wire";
import { snapshotSchema } from "@/lib/snapshots/wire";
import { storable } from "@/lib/text";
import { driftSchema } from "@/lib/upstream/wire";
import { specSchema } from "./spec";

export const profileName = storable(
  z.string().trim().min(1, "Give the profile a name.").max(80, "Use at most 80 characters."),
);
export const profileDescription = storable(z.string().trim().max(500, "Use at most 500 characters."));

/** How many ready snapshots of each version keep their image. */
export const keepSnapshots = z
  .int("Give a whole number.")
  .min(1, "Keep at least 1.")
  .max(50, "Keep at most 50.");

export const createProfileSchema = z.strictObject({
  name: profileName,
  description: profileDescription.default(""),
  spec: specSchema.optional(),
});
/** After so many days a serving snapshot is refreshed; null for never. */
export const refreshAfterDays = z
  .int("Give a whole number of days.")
  .min(1, "Give at least 1 day.")
  .max(365, "Give at most 365 days.")
  .nullable();

/** How long sessions of a profile live, or at most. */
export const sessionHours = z
  .int("Give a whole number of hours.")
  .min(1, "Give at least 1 hour.")
  .max(720, "Give at most 720 hours.");
/** A session that nobody runs anything in is stopped after so many minutes; null for never. */
export const sessionIdleMinutes = z
  .int("Give a whole number of minutes.")
  .min(5, "Give at least 5 minutes.")
  .max(10_080, "Give at most 10,080 minutes.")
  .nullable();

export const updateProfileSchema = z
  .strictObject({
    ...{ name: profileName, description: profileDescription, archived: z.boolean(), keepSnapshots },
    ...{ refreshOnSecret: z.boolean(), refreshAfterDays },
    ...{ refreshOnBase: z.boolean(), refreshOnRepository: z.boolean() },
    ...{ sessionHours, sessionMaxHours: sessionHours, sessionIdleMinutes, poolSize },
  })
  .partial();

export const ownersInputSchema = z.strictObject({
  userIds: z.array(z.uuid()).max(50, "Name at most 50 people."),
});

/** Somebody who hears of what happens to a profile. Who is disabled hears nothing. */
export const ownerSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  disabled: z.boolean(),
});
export type OwnerWire = z.infer<typeof ownerSchema>;

export const draftSchema = z.object({
  spec: specSchema,
  revision: z.number().int(),
  basedOn: z.number().int().nullable(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
});
export type DraftWire = z.infer<typeof draftSchema>;

export const tryInputSchema = z.strictObject({
  /** When a step fails, its container stays for a while. */
  keepOnFailure: z.boolean().default(false),
});

/** How the draft did when it was tried last. */
export const lastTrySchema = z.object({
  snapshot: snapshotSchema.nullable(),
  /** Is the draft another one now? Null when there is nothing to compare. */
  changed: z.boolean().nullable(),
  /** Of the draft that was compared. */
  draftRevision: z.number().int().nullable(),
  /** How long a failed step's container would be kept. */
  keepSeconds: z.number(),
});
export type LastTryWire = z.infer<typeof lastTrySchema>;

export const publishSchema = z.strictObject({
  notes: storable(z.string().trim().max(2000, "Use at most 2,000 characters.")).default(""),
});
export const pinSchema = z.strictObject({ pinned: z.boolean() });
export const newDraftSchema = z.strictObject({ from: z.int().min(1).max(MAX_INT).optional() });

export const versionSchema = z.object({
  id: z.uuid(),
  number: z.number().int(),
  state: z.literal("published"),
  spec: specSchema,
  notes: z.string(),
  publishedAt: z.iso.datetime(),
  publishedBy: z.string(),
  /** New sessions can start: a ready snapshot serves. */
  usable: z.boolean(),
  servingSnapshot: snapshotSchema.nullable(),
  /** Who chose it by hand, and why. */
  servingChoice: z.object({ by: z.string(), reason: z.string() }).nullable(),
  /** A refresh builds, and isn't promoted. */
  pinned: z.boolean(),
  latestSnapshot: snapshotSchema.nullable(),
  /** Secrets that the serving snapshot was built with and that have been rotated since. */
  staleSecrets: z.array(z.string()),
  /** What the serving snapshot was built from, and has moved on since. */
  drift: driftSchema.nullable(),
  /** When it is refreshed by itself. */
  schedule: scheduleSchema.nullable(),
});
export type VersionWire = z.infer<typeof versionSchema>;

export const profileSchema = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  draft: z
    .object({ revision: z.number().int(), updatedAt: z.iso.datetime(), basedOn: z.number().int().nullable() })
    .nullable(),
  latestVersion: z.number().int().nullable(),
  keepSnapshots: z.number().int(),
  /** It is refreshed by itself when a secret that it was built with is rotated, or after so many days. */
  refreshOnSecret: z.boolean(),
  refreshAfterDays: z.number().int().nullable(),
  /** Or when its base image has another digest in its registry, or a branch or tag of a repository has moved. */
  refreshOnBase: z.boolean(),
  refreshOnRepository: z.boolean(),
  /** How long its sessions live unless somebody keeps them longer, how long at most, and how long without use. */
  sessionHours: z.number().int(),
  sessionMaxHours: z.number().int(),
  sessionIdleMinutes: z.number().int().nullable(),
  /** How many sandboxes are kept started ahead for its next sessions. */
  poolSize: z.number().int(),
  /** A hook asked for a refresh that can't be queued yet: since when. */
  hookWaitingSince: z.iso.datetime().nullable(),
  /** What a new session would start from: the serving snapshot of the newest version that has one. */
  servingSnapshot: snapshotSchema.nullable(),
  /** The newest snapshot of the newest version. */
  latestSnapshot: snapshotSchema.nullable(),
  /** What a persistent session of it would keep; empty where none may be started. */
  persistentPaths: z.array(z.string()),
  /** Sessions that haven't been stopped or deleted. */
  activeSessions: z.number().int(),
  createdBy: z.string(),
  updatedBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  archivedAt: z.iso.datetime().nullable(),
});
export type ProfileWire = z.infer<typeof profileSchema>;
