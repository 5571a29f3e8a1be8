/**
 * What opens a terminal: signed with a key that follows from the installation's own, so that the web's server can see by
 * itself where it leads. Whether it was used before, and whether it still holds, is asked by the worker.
 */
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { secretKey } from "@/lib/secrets/key.server";

const claimSchema = z.object({
  /** Its own; once used it is worth nothing. */
  id: z.uuid(),
  terminal: z.uuid(),
  session: z.uuid(),
  worker: z.uuid(),
  /** The worker's gateway, as host:port. */
  gateway: z.string(),
  /** What whoever asked for it has shown: a sign-in, or a token. */
  credential: z.object({ kind: z.enum(["sign_in", "token"]), id: z.uuid() }),
  expiresAt: z.iso.datetime(),
});
export type TicketClaim = z.infer<typeof claimSchema>;
export type Credential = TicketClaim["credential"];

const MAX_LENGTH = 4_096;

function signatureOf(payload: string): Buffer {
  const key = new Uint8Array(hkdfSync("sha256", secretKey(), "", "kiln terminal ticket", 32));
  return createHmac("sha256", key).update(payload).digest();
}

/** @returns a text of letters, digits, `-`, `_` and one dot. */
export function signTicket(claim: TicketClaim): string {
  const payload = Buffer.from(JSON.stringify(claim)).toString("base64url");
  return `${payload}.${signatureOf(payload).toString("base64url")}`;
}

/** What it says; null unless it was signed here. It may have expired, and may have been used. */
export function readTicket(ticket: string): TicketClaim | null {
  const [payload = "", signature = "", ...rest] = ticket.length > MAX_LENGTH ? [] : ticket.split(".");
  if (payload === "" || signature === "" || rest.length > 0) return null;
  const given = Buffer.from(signature, "base64url");
  const due = signatureOf(payload);
  // Base64 has several spellings of the same bytes; only ours counts.
  if (given.length !== due.length || !timingSafeEqual(given, due) || due.toString("base64url") !== signature)
    return null;
  const parsed = claimSchema.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString()));
  return parsed.success ? parsed.data : null;
}
