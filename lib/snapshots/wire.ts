/** Snapshots as they cross to the browser and the API. */
import { z } from "zod";
import { storable } from "@/lib/text";
import { failureCodeSchema } from "./failure";
import { snapshotStatusSchema } from "./state";

export const triggers = [
  "publish",
  "manual",
  "schedule",
  "api",
  "hook",
  "try",
  "base_changed",
  "repository_changed",
  "secret_rotated",
  "age",
  "image_lost",
] as const;
export const triggerSchema = z.enum(triggers);
export type Trigger = z.infer<typeof triggerSchema>;

export const stepStatusSchema = z.enum(["pending", "running", "done", "failed", "skipped"]);
export type StepStatus = z.infer<typeof stepStatusSchema>;

/** The steps of a build, in order. */
export const stepSchema = z.object({
  name: z.string(),
  /** Its name for people. */
  title: z.string(),
  status: stepStatusSchema,
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Number of its first log line. */
  firstLine: z.number().int().nullable(),
  /** The number of the snapshot whose result was used, when it wasn't done again. */
  reusedFrom: z.number().int().nullable(),
  /** That snapshot's profile, when it is another one. */
  reusedProfile: z.string().nullable(),
});
export type StepWire = z.infer<typeof stepSchema>;

/** Lines of a log that aren't kept: it was longer than its cap. Its beginning and its end are. */
export const logCutSchema = z.object({
  /** The first and the last line that is missing. */
  from: z.number().int(),
  to: z.number().int(),
  bytes: z.number(),
});
export type LogCut = z.infer<typeof logCutSchema>;

export const snapshotSchema = z.object({
  id: z.uuid(),
  profileId: z.uuid(),
  profile: z.object({ slug: z.string(), name: z.string() }),
  /** The version's number; null for a try of a draft, which belongs to none. */
  version: z.number().int().nullable(),
  number: z.number().int(),
  trigger: triggerSchema,
  mode: z.enum(["full", "incremental"]),
  /** The number of the snapshot that an incremental one is built upon. */
  builtOn: z.number().int().nullable(),
  builtOnId: z.uuid().nullable(),
  attempt: z.number().int(),
  status: snapshotStatusSchema,
  /** New sessions of the version start from it. */
  serving: z.boolean(),
  requestedBy: z.string(),
  queuedAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  cancelRequestedAt: z.iso.datetime().nullable(),
  cancelRequestedBy: z.string().nullable(),
  /** When nothing of it ran any more. */
  cancelEnforcedAt: z.iso.datetime().nullable(),
  /** Why it waits, when it isn't only its turn. */
  waitingReason: z.string().nullable(),
  image: z.object({ id: z.string(), reference: z.string(), sizeBytes: z.number() }).nullable(),
  /** Its image was deleted from the host behind Kiln's back: when that was found, and what was done. */
  lost: z.object({ at: z.iso.datetime(), message: z.string() }).nullable(),
  baseImage: z.object({ reference: z.string(), id: z.string(), digest: z.string().nullable() }).nullable(),
  host: z.string().nullable(),
  worker: z.string().nullable(),
  failure: z
    .object({
      code: failureCodeSchema,
      message: z.string(),
      step: z.string().nullable(),
      exitCode: z.number().int().nullable(),
      hint: z.string(),
    })
    .nullable(),
  /** Was it asked to keep the container of a step that fails? */
  keepOnFailure: z.boolean(),
  /** The failed step's container, to run commands in until then. */
  kept: z.object({ until: z.iso.datetime(), gone: z.boolean() }).nullable(),
  /** Secrets that it was built with and that have been rotated since. */
  staleSecrets: z.array(z.string()),
  steps: z.array(stepSchema),
  log: z.object({
    lines: z.number().int(),
    bytes: z.number(),
    truncatedBytes: z.number(),
    /** What is missing in its middle; it grows while the build prints. */
    cut: logCutSchema.nullable(),
    lastLine: z.string(),
    expiresAt: z.iso.datetime().nullable(),
    /** When its lines were deleted. */
    expiredAt: z.iso.datetime().nullable(),
  }),
});
export type SnapshotWire = z.infer<typeof snapshotSchema>;

export const serveSchema = z.strictObject({
  reason: storable(z.string().trim().min(1, "Say why.").max(500, "Use at most 500 characters.")),
});

export const logStreamSchema = z.enum(["stdout", "stderr", "system"]);

/** One line of a log: `application/x-ndjson` and the event stream's frames. */
export const logLineSchema = z.object({
  line: z.number().int(),
  step: z.string(),
  stream: logStreamSchema,
  at: z.iso.datetime(),
  /** Its first 16 KiB. */
  text: z.string(),
  /** How many bytes of it are left out here; `?line=N` of the log gives all of it. */
  more: z.number().int().optional(),
  /** Says in place of all the lines from `line` to `cut.to` that they aren't kept. In texts and ndjson only: a stream has a `cut` frame. */
  cut: logCutSchema.optional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** An event stream's `log` frame; its id is the cursor to come back with. */
export const logFrameSchema = z.object({
  attempt: z.number().int(),
  firstLine: z.number().int().min(1),
  lines: z.array(logLineSchema),
});

/**
 * An event stream's `cut` frame: the next `log` frame begins at `to + 1`, and the lines before it from `from` on
 * aren't to be had any more. A reader that has some of them keeps them. It has no id.
 */
export const logCutFrameSchema = logCutSchema;

/**
 * An event stream's `tail` frame: how a line that isn't complete looks now. It replaces the last one of its stream,
 * and an empty text takes that away. It has no id and no line number, and no reader may rely on seeing any.
 */
export const logTailSchema = z.object({ stream: logStreamSchema, step: z.string(), text: z.string() });
export type LogTail = z.infer<typeof logTailSchema>;

/** A page of a log by line numbers. */
export const logPageSchema = z.object({
  lines: z.array(logLineSchema),
  lastLine: z.number().int(),
  complete: z.boolean(),
});

export const refreshInputSchema = z.object({
  mode: z.enum(["full", "incremental"]).default("full"),
  /** When a step fails, its container stays for a while. */
  keepOnFailure: z.boolean().default(false),
});
export const refreshAnswerSchema = z.object({ snapshot: snapshotSchema, joined: z.boolean() });
