/** API tokens: 256 random bits, shown once; only their SHA-256 is kept. */

import { createHash, randomBytes } from "node:crypto";
import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { notFound } from "@/lib/errors";
import { isUuid } from "@/lib/uuid";
import { type Actor, type Role, systemActor } from "./roles";
import type { TokenWire } from "./wire";

/** Tokens can be told from other secrets, by people and by secret scanners. */
const PREFIX = "kiln_";

const hashOf = (token: string) => new Uint8Array(createHash("sha256").update(token).digest());

/** @returns the token, which can't be shown again, and its row. */
export async function createToken(
  input: { name: string; role: Role },
  actor: Actor = systemActor,
): Promise<{ token: string; wire: TokenWire }> {
  const token = PREFIX + randomBytes(32).toString("base64url");
  return db().$transaction(async (tx) => {
    const row = await tx.apiToken.create({
      data: { name: input.name, role: input.role, hash: hashOf(token), createdBy: actor.name },
    });
    await recordAudit(
      tx,
      actor,
      "token.create",
      { kind: "token", id: row.id },
      { name: row.name, role: row.role },
    );
    const wire = {
      id: row.id,
      name: row.name,
      role: row.role,
      createdBy: row.createdBy,
      createdAt: row.createdAt.toISOString(),
      lastUsedAt: null,
    };
    return { token, wire };
  });
}

/** @throws AppError 404 when there is none that still works. */
export async function revokeToken(actor: Actor, id: string): Promise<void> {
  if (!isUuid(id)) throw notFound("token");
  await db().$transaction(async (tx) => {
    const { count } = await tx.apiToken.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: databaseTime() },
    });
    if (count === 0) throw notFound("token");
    await recordAudit(tx, actor, "token.revoke", { kind: "token", id });
  });
}

/** Who a bearer token stands for; null when it is unknown or was revoked. */
export async function readToken(token: string): Promise<Actor | null> {
  if (!token.startsWith(PREFIX)) return null;
  const row = await db().apiToken.findUnique({ where: { hash: hashOf(token) } });
  if (!row || row.revokedAt) return null;
  if (!row.lastUsedAt || databaseTime().getTime() - row.lastUsedAt.getTime() > 60_000)
    await db().apiToken.updateMany({
      where: { id: row.id, revokedAt: null },
      data: { lastUsedAt: databaseTime() },
    });
  return { kind: "token", id: row.id, name: row.name, role: row.role };
}
