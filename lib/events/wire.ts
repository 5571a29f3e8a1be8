/** What the one event stream of a tab carries: pointers to what changed, never the thing itself. */
import { z } from "zod";

export const changeKinds = [
  "profile",
  "version",
  "snapshot",
  "inventory",
  "session",
  "command",
  "terminal",
  "worker",
  "cache",
  "delivery",
  "inbox",
  "pool",
] as const;
export const changeSchema = z.object({ kind: z.enum(changeKinds), id: z.uuid() });
export type Change = z.infer<typeof changeSchema>;
