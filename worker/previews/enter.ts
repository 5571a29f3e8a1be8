/** Takes a ticket for a preview, once, and gives the browser a pass for it. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { databaseTime } from "@/lib/db/clock.server";
import { passCookie } from "@/lib/previews/cookies";
import type { PreviewName } from "@/lib/previews/name";
import { answerOwn } from "@/lib/previews/own-answer.server";
import { readPreviewTicket, signPass } from "@/lib/previews/ticket.server";
import { ENTER_PATH } from "@/lib/previews/wire";
import { takeTicket } from "@/lib/terminals/store.server";
import type { Gate } from "./gate";

/** A pass holds so long at most; whether its owner still may is asked every few seconds. */
const PASS_SECONDS = 12 * 3600;

export async function enter(
  request: IncomingMessage,
  response: ServerResponse,
  name: PreviewName,
  gate: Gate,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://preview");
  if (pathname !== ENTER_PATH || request.method !== "GET")
    return answerOwn(request, response, "no_such_preview");
  const ticket = readPreviewTicket(searchParams.get("ticket") ?? "", name);
  if (!ticket || !(await takeTicket(ticket.id, ticket.expiresAt)))
    return answerOwn(request, response, "ticket_refused");
  const verdict = await gate.ask(ticket);
  if ("refused" in verdict)
    return answerOwn(request, response, verdict.refused.code, verdict.refused.message);
  const { session, port, credential, secure, path } = ticket;
  const expiresAt = new Date(databaseTime().getTime() + PASS_SECONDS * 1000).toISOString();
  const pass = signPass({ session, port, credential, secure, expiresAt });
  response.writeHead(303, {
    location: path,
    "set-cookie": passCookie(pass, { secure, seconds: PASS_SECONDS }),
    "cache-control": "no-store",
    // The ticket isn't to be told to the page that comes next.
    "referrer-policy": "no-referrer",
    "content-length": 0,
  });
  response.end();
}
