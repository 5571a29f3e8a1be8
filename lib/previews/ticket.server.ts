/**
 * A ticket gets a browser into a preview once; what it has from then on is a pass, a cookie of the preview's own host. Both are
 * good for one port of one session and for what their owner has shown. Whether that still holds is asked by the worker.
 */

import { z } from "zod";
import { databaseTime } from "@/lib/db/clock.server";
import { signer } from "@/lib/signed.server";
import { credentialSchema } from "@/lib/terminals/ticket.server";
import { passesIn } from "./cookies";
import type { PreviewName } from "./name";

const nameShape = { session: z.uuid(), port: z.int() };

const ticketSchema = z.object({
  /** Its own; once used it is worth nothing. */
  id: z.uuid(),
  ...nameShape,
  credential: credentialSchema,
  /** The browser comes by HTTPS. */
  secure: z.boolean(),
  /** Where it goes from there. */
  path: z.string(),
  expiresAt: z.iso.datetime(),
});
export type PreviewTicket = z.infer<typeof ticketSchema>;

const passSchema = z.object({
  ...nameShape,
  credential: credentialSchema,
  secure: z.boolean(),
  expiresAt: z.iso.datetime(),
});
export type PreviewPass = z.infer<typeof passSchema>;

const tickets = signer("kiln preview ticket", ticketSchema);
const passes = signer("kiln preview pass", passSchema);

export const signPreviewTicket = (ticket: PreviewTicket): string => tickets.sign(ticket);
export const signPass = (pass: PreviewPass): string => passes.sign(pass);

/** Null unless it is for this preview. It may have expired, and may have been used. */
export function readPreviewTicket(text: string, name: PreviewName): PreviewTicket | null {
  const ticket = tickets.read(text);
  return ticket && isFor(ticket, name) ? ticket : null;
}

/** The pass for this preview among the browser's cookies; null when there is none, or it is too old. */
export function readPass(
  cookie: string | undefined,
  name: PreviewName,
  now = databaseTime().getTime(),
): PreviewPass | null {
  for (const value of passesIn(cookie)) {
    const pass = passes.read(value);
    if (pass && isFor(pass, name) && Date.parse(pass.expiresAt) > now) return pass;
  }
  return null;
}

const isFor = (claim: PreviewName, { session, port }: PreviewName) =>
  claim.session === session && claim.port === port;
