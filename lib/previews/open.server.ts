/** Lets somebody into a preview of a session's port: what is given out is an address that opens it once. */

import { v7 as uuidv7 } from "uuid";
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { env } from "@/lib/env.server";
import { placeOf } from "@/lib/sessions/exec.server";
import type { Credential } from "@/lib/terminals/ticket.server";
import type { Actor } from "@/lib/users/roles";
import { originOf } from "./domain";
import { signPreviewTicket } from "./ticket.server";
import { ENTER_PATH, type OpenPreview, type PreviewAnswer } from "./wire";

const TICKET_SECONDS = 30;

/**
 * @param dashboardHost as the asker's browser names the dashboard
 * @throws AppError 404; 409 `not_running`, `no_preview_domain`.
 */
export async function openPreview(
  actor: Actor,
  sessionId: string,
  credential: Credential,
  { port, path, dashboardHost }: OpenPreview & { dashboardHost: string },
): Promise<PreviewAnswer> {
  await placeOf(sessionId);
  const name = { session: sessionId.toLowerCase(), port };
  const { NEXTAUTH_URL: address, KILN_PREVIEW_DOMAIN: domain } = env();
  const url = originOf(name, { host: dashboardHost, address, domain });
  const expiresAt = await db().$transaction(async (tx) => {
    await recordAudit(tx, actor, "session.preview", { kind: "session", id: sessionId }, { port });
    const [row] = await tx.$queryRaw<Array<{ at: Date }>>`
      SELECT now() + make_interval(secs => ${TICKET_SECONDS}) AS at`;
    return (row?.at ?? databaseTime()).toISOString();
  });
  const secure = url.protocol === "https:";
  url.pathname = ENTER_PATH;
  url.searchParams.set(
    "ticket",
    signPreviewTicket({ id: uuidv7(), ...name, credential, secure, path, expiresAt }),
  );
  return { url: url.href, expiresAt };
}

/** The host by which a browser names the dashboard: a proxy in front of it may have said another one. */
export function dashboardHostOf(headers: { get(name: string): string | null }): string {
  return headers.get("x-forwarded-host") ?? headers.get("host") ?? "";
}
