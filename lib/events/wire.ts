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
/** What is told of logs, many times a second and to nobody's tab: one has grown, and one is looked at. */
export const logKinds = ["log", "watched"] as const;
/** What is told to workers only: a build waits for their host. */
export const hostKinds = ["wanted"] as const;
export const changeSchema = z.object({ kind: z.enum(changeKinds), id: z.uuid() });
export type Change = z.infer<typeof changeSchema>;
