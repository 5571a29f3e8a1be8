/** Sessions as they cross to the browser and the API. */
import { z } from "zod";
import { MAX_INT } from "@/lib/page";
import { sessionHours } from "@/lib/profiles/wire";
import { MAX_SECRETS, secretName } from "@/lib/secrets/name";
import { storable } from "@/lib/text";
import { sessionStatusSchema } from "./state";

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "Use letters, digits and _, not starting with a digit.");

/** As many as a version may have. */
const MAX_VARIABLES = 200;

export const createSessionSchema = z.strictObject({
  /** Id or slug. */
  profile: z.string().min(1, "Name the profile.").max(200),
  /** Default: the newest usable version. */
  version: z.int().min(1).max(MAX_INT).optional(),
  name: storable(
    z.string().trim().min(1, "Give the session a name.").max(80, "Use at most 80 characters."),
  ).optional(),
  /** The folders that its version names outlive its container. */
  persistent: z.boolean().optional(),
  /** How long it lives unless somebody keeps it longer. Default: what its profile says. */
  hours: sessionHours.optional(),
  wait: z.literal("running").optional(),
  /** Of its commands and terminals. */
  env: z
    .record(variableName, storable(z.string().max(32_768, "Use at most 32,768 characters.")))
    .refine((env) => Object.keys(env).length <= MAX_VARIABLES, `Use at most ${MAX_VARIABLES} variables.`)
    .default({}),
  /** Names of secrets: its commands and terminals have each in a variable of that name. */
  secrets: z.array(secretName).max(MAX_SECRETS, `Name at most ${MAX_SECRETS} secrets.`).optional(),
});
export type CreateSession = z.infer<typeof createSessionSchema>;

export const sessionEnvSchema = z.record(z.string(), z.string());
/** What a session was given when it was started, as it is kept: the secrets are names. */
export const givenSchema = z.object({ env: sessionEnvSchema, secrets: z.array(z.string()) });
export type Given = z.infer<typeof givenSchema>;

export const sessionSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  profileId: z.uuid(),
  profile: z.object({ slug: z.string(), name: z.string() }),
  version: z.number().int(),
  snapshotId: z.uuid(),
  snapshotNumber: z.number().int(),
  status: sessionStatusSchema,
  host: z.string(),
  containerId: z.string().nullable(),
  /** Some of its folders outlive its container. */
  persistent: z.boolean(),
  /** Names only, of the variables and the secrets that it was given when it was started. */
  variables: z.array(z.string()),
  secrets: z.array(z.string()),
  /** It began in a sandbox that was started ahead. */
  fromPool: z.boolean(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  stoppedAt: z.iso.datetime().nullable(),
  /** When it is stopped by itself. */
  expiresAt: z.iso.datetime(),
  /** Of one that was stopped: its files are kept until then. */
  keptUntil: z.iso.datetime().nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** What is worth knowing about it, though nothing failed. */
  notice: z.string().nullable(),
});
export type SessionWire = z.infer<typeof sessionSchema>;

export const extendSchema = z.strictObject({
  hours: z
    .int("Give a whole number of hours.")
    .min(1, "Give at least 1 hour.")
    .max(24, "Give at most 24 hours at a time.")
    .default(1),
});

export const moveSchema = z.strictObject({
  /** Of the same profile; its own when it is left out. */
  version: z.int().min(1).max(MAX_INT).optional(),
});

/** A persistent session is deleted only by whoever knows its name. */
export const deleteSchema = z.strictObject({ confirm: storable(z.string().max(200)).optional() });

/** Of a session's files. */
export const filePathSchema = z.strictObject({
  path: storable(z.string().min(1, "Name a path.").max(4_096, "Use at most 4,096 characters.")),
});

export const entrySchema = z.object({
  name: z.string(),
  /** What a link leads to, where that is a folder. */
  kind: z.enum(["folder", "file", "link", "other"]),
  isLink: z.boolean(),
  bytes: z.number(),
  modifiedAt: z.iso.datetime(),
  /** As `ls` writes it: rwxr-xr-x. */
  mode: z.string(),
});
export type Entry = z.infer<typeof entrySchema>;

export const folderSchema = z.object({
  /** Absolute. */
  path: z.string(),
  /** Folders first, then by name. */
  items: z.array(entrySchema),
  /** It has more than are listed. */
  truncated: z.boolean(),
});
export type Folder = z.infer<typeof folderSchema>;
