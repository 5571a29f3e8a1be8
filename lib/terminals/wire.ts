/** Terminals as they cross to the browser, and what a browser and a worker say to each other over one. */
import { z } from "zod";

/** How many shells a session may have at once. */
export const MOST_TERMINALS = 8;
/** Named when the connection is opened, beside the ticket: `kiln.terminal`, `ticket.<ticket>`. */
export const PROTOCOL = "kiln.terminal";
export const TICKET_PREFIX = "ticket.";

/** What a shell is in: a session's container, or the one that a failed build left. */
export const whoseSchema = z.object({ kind: z.enum(["session", "snapshot"]), id: z.uuid() });
export type Whose = z.infer<typeof whoseSchema>;

/** Where its terminals are, under the API's root. */
export const terminalPath = ({ kind, id }: Whose) => `/${kind}s/${encodeURIComponent(id)}`;

const columns = z.int().min(2, "Use at least 2 columns.").max(1_000, "Use at most 1,000 columns.");
const rows = z.int().min(1, "Use at least 1 row.").max(500, "Use at most 500 rows.");
export const sizeSchema = z.object({ columns, rows });
export type Size = z.infer<typeof sizeSchema>;

export const ticketRequestSchema = z.strictObject({
  /** One that is there; a new one when left out. */
  terminal: z.uuid().optional(),
});
export type TicketRequest = z.infer<typeof ticketRequestSchema>;

export const ticketAnswerSchema = z.object({
  ticket: z.string(),
  terminal: z.uuid(),
  expiresAt: z.iso.datetime(),
});
export type TicketAnswer = z.infer<typeof ticketAnswerSchema>;

export const terminalSchema = z.object({
  id: z.uuid(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type TerminalWire = z.infer<typeof terminalSchema>;

/** Why a connection is closed for good. */
export const endCodes = [
  /** The shell has ended by itself, or by somebody's wish. */
  "exited",
  "closed",
  /** Nobody looked at it for long. */
  "abandoned",
  /** The session isn't running any more. */
  "session_ended",
  /** Whoever looked at it may not any more. */
  "forbidden",
  /** Its worker stops, or was replaced. */
  "worker_left",
  "failed",
  /** The ticket was used, has expired, or isn't one. */
  "ticket_refused",
] as const;
export const endCodeSchema = z.enum(endCodes);
export type EndCode = z.infer<typeof endCodeSchema>;

/** What a worker says beside output, which comes as bytes. */
export const fromWorkerSchema = z.discriminatedUnion("type", [
  /** All that is to be seen comes next, as one piece of bytes: what was there before goes. */
  z.object({ type: z.literal("screen"), columns: z.int(), rows: z.int() }),
  /** Somebody else who looks at it has given it another size. */
  z.object({ type: z.literal("size"), columns: z.int(), rows: z.int() }),
  /** It is there: whoever hears nothing for a while has lost it. */
  z.object({ type: z.literal("beat") }),
  z.object({
    type: z.literal("end"),
    code: endCodeSchema,
    message: z.string(),
    exitCode: z.int().nullable(),
  }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
export type End = Extract<FromWorker, { type: "end" }>;

/** What a browser says beside input, which goes as bytes. */
export const fromBrowserSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("size"), columns, rows }),
  /** It has shown so many bytes more. */
  z.object({ type: z.literal("shown"), bytes: z.int().min(0) }),
  /** The shell is to be ended. */
  z.object({ type: z.literal("close") }),
]);
export type FromBrowser = z.infer<typeof fromBrowserSchema>;

export const BEAT_MS = 10_000;
/** The longest piece of input in one message. */
export const INPUT_BYTES = 32 * 1024;
