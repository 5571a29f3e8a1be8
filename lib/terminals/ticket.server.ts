/**
 * What opens a terminal: signed, so that the web's server can see by itself where it leads. Whether it was used before, and
 * whether it still holds, is asked by the worker.
 */
import { z } from "zod";
import { signer } from "@/lib/signed.server";
import { whoseSchema } from "./wire";

/** What whoever asked for it has shown: a sign-in, or a token. */
export const credentialSchema = z.object({ kind: z.enum(["sign_in", "token"]), id: z.uuid() });
export type Credential = z.infer<typeof credentialSchema>;

const claimSchema = z.object({
  /** Its own; once used it is worth nothing. */
  id: z.uuid(),
  terminal: z.uuid(),
  whose: whoseSchema,
  worker: z.uuid(),
  /** The worker's gateway, as host:port. */
  gateway: z.string(),
  credential: credentialSchema,
  expiresAt: z.iso.datetime(),
});
export type TicketClaim = z.infer<typeof claimSchema>;

const tickets = signer("kiln terminal ticket", claimSchema);

/** @returns a text of letters, digits, `-`, `_` and one dot. */
export const signTicket = (claim: TicketClaim): string => tickets.sign(claim);

/** What it says; null unless it was signed here. It may have expired, and may have been used. */
export const readTicket = (ticket: string): TicketClaim | null => tickets.read(ticket);
