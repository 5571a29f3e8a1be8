/** The queues and what their jobs carry: ids only. The row decides, the queue only delivers. */
import { z } from "zod";

export const buildQueue = "build-snapshot";
export const buildJob = z.object({ snapshotId: z.uuid() });
export type BuildJob = z.infer<typeof buildJob>;

/** Sessions live on one host, so each host has queues of its own; its workers make them when they start. */
export const sessionQueue = (hostId: string) => `session.${hostId}`;
export const sessionJob = z.object({ sessionId: z.uuid() });
export type SessionJob = z.infer<typeof sessionJob>;

export const commandQueue = (hostId: string) => `session-command.${hostId}`;
export const commandJob = z.object({ commandId: z.uuid() });
export type CommandJob = z.infer<typeof commandJob>;

export const sweepQueue = (hostId: string) => `sweep.${hostId}`;
export const sweepJob = z.object({ sweepId: z.uuid() });
export type SweepJob = z.infer<typeof sweepJob>;
