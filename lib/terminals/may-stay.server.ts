/** Whether a terminal may stay open: asked again and again while it is. */
import { db } from "@/lib/db/client.server";
import { includesRole } from "@/lib/users/roles";
import { readSignIn } from "@/lib/users/sign-in.server";
import type { Credential } from "./ticket.server";
import type { EndCode, Whose } from "./wire";

export interface Refused {
  code: Extract<EndCode, "session_ended" | "forbidden">;
  /** For people. */
  message: string;
}

/**
 * It runs in this container, and whoever looks is an operator still.
 * @param what is looked at: it begins a sentence
 * @returns null when both is so.
 */
export async function whyNotStay(
  whose: Whose,
  containerId: string | null,
  credential: Credential,
  what = "A terminal",
): Promise<Refused | null> {
  const gone = await whyEnded(whose, containerId);
  if (gone) return gone;
  const role =
    credential.kind === "sign_in" ? await roleOfSignIn(credential.id) : await roleOfToken(credential.id);
  if (role === null)
    return { code: "forbidden", message: "You have been signed out. Sign in again to go on." };
  return includesRole(role, "operator")
    ? null
    : { code: "forbidden", message: `${what} needs the role operator; yours is ${role} now.` };
}

const roleOfSignIn = async (id: string) => (await readSignIn(id))?.role ?? null;

async function roleOfToken(id: string) {
  const row = await db().apiToken.findUnique({ where: { id, revokedAt: null }, select: { role: true } });
  return row?.role ?? null;
}

/** @param containerId the one that the shell is in; null before there is one */
export function whyEnded({ kind, id }: Whose, containerId: string | null): Promise<Refused | null> {
  return kind === "session" ? whySessionEnded(id, containerId) : whyNotKept(id, containerId);
}

async function whySessionEnded(sessionId: string, containerId: string | null): Promise<Refused | null> {
  const row = await db().session.findUnique({
    where: { id: sessionId },
    select: { name: true, status: true, containerId: true },
  });
  if (!row || row.status === "deleted") return { code: "session_ended", message: "The session was deleted." };
  if (row.status === "running" && (containerId === null || row.containerId === containerId)) return null;
  const how = row.status === "running" ? "has another container now" : `is ${row.status}`;
  return { code: "session_ended", message: `The session ${row.name} ${how}.` };
}

async function whyNotKept(id: string, containerId: string | null): Promise<Refused | null> {
  const [row] = await db().$queryRaw<Array<{ containerId: string | null }>>`
    SELECT kept_container_id AS "containerId" FROM snapshots WHERE id = ${id}::uuid AND kept_until > now()`;
  if (row?.containerId && (containerId === null || row.containerId === containerId)) return null;
  return {
    code: "session_ended",
    message: "The failed step’s container was kept for a while, and is removed now.",
  };
}
