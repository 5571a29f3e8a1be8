/** The audit log: who did what, written in the transaction of the change itself. Append-only by a trigger. */
import type { Tx } from "@/lib/db/client.server";
import type { Actor } from "@/lib/users/roles";

export interface AuditedObject {
  kind:
    | ("profile" | "version" | "snapshot" | "session" | "secret")
    | ("user" | "token" | "sign_in" | "host" | "installation" | "channel");
  id: string | null;
}

/** `detail` holds plain facts for people; never a secret, never a script. */
export async function recordAudit(
  tx: Tx,
  actor: Actor,
  action: string,
  object: AuditedObject,
  detail: Record<string, string | number | boolean | null> = {},
): Promise<void> {
  await tx.auditEntry.create({
    data: {
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      action,
      objectKind: object.kind,
      objectId: object.id,
      detail,
    },
  });
}
