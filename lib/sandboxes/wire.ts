/** What only the engine knows of a session's container, as it crosses to the browser and the API. */
import { z } from "zod";

export const diskUseSchema = z.object({
  at: z.iso.datetime(),
  /** What the container has written itself, without its image and its volumes. */
  bytes: z.number(),
  /** What its version allows. */
  limitBytes: z.number(),
});
export type DiskUse = z.infer<typeof diskUseSchema>;

/** A worker's answer: the engine's own count. */
export const containerBytesSchema = z.object({ at: z.iso.datetime(), bytes: z.number() });
export type ContainerBytes = z.infer<typeof containerBytesSchema>;

/** A part of a container's log as it comes. */
export const logPieceSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), stream: z.enum(["stdout", "stderr"]), text: z.string() }),
  /** Nothing comes any more, and why. */
  z.object({ type: z.literal("end"), message: z.string() }),
]);
export type LogPiece = z.infer<typeof logPieceSchema>;

/** How much of a log's end is shown at first. */
export const LAST_LINES = 1_000;
