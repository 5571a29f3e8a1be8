/** Incoming webhooks as they cross to the browser and the API. */
import { z } from "zod";
import { storable } from "@/lib/text";

export const hookInputSchema = z.strictObject({
  name: storable(z.string().trim().min(1, "Give the hook a name.").max(80, "Use at most 80 characters.")),
});

/** queued and joined: a snapshot is on its way. waits: it follows. repeated: it was taken before. ignored: nothing to do. */
export const hookOutcomeSchema = z.enum(["queued", "joined", "waits", "repeated", "ignored"]);
export type HookOutcome = z.infer<typeof hookOutcomeSchema>;

export const hookSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** Where to post to, on Kiln’s own address. */
  path: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  lastAt: z.iso.datetime().nullable(),
  lastOutcome: hookOutcomeSchema.nullable(),
});
export type HookWire = z.infer<typeof hookSchema>;

/** The key that messages to it are signed with is told once, when it is made. */
export const madeHookSchema = hookSchema.extend({ signingKey: z.string() });
export type MadeHookWire = z.infer<typeof madeHookSchema>;

export const hookAnswerSchema = z.object({
  outcome: hookOutcomeSchema,
  /** Why nothing was queued. */
  reason: z.string().nullable(),
  snapshot: z.object({ id: z.uuid(), number: z.int() }).nullable(),
});
export type HookAnswer = z.infer<typeof hookAnswerSchema>;
