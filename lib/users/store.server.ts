/** Reads users, tokens and sign-ins as they cross the wire. */

import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import type { TokenWire, UserWire } from "./wire";

type UserRow = {
  id: string;
  email: string;
  name: string;
  role: UserWire["role"];
  disabledAt: Date | null;
  createdAt: Date;
};

export function toUserWire(row: UserRow): UserWire {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

export async function listUsers(): Promise<UserWire[]> {
  const rows = await db().user.findMany({ orderBy: { email: "asc" }, take: 500 });
  return rows.map(toUserWire);
}

/** Tokens that still work; never the token itself. */
export async function listTokens(): Promise<TokenWire[]> {
  const rows = await db().apiToken.findMany({
    where: { revokedAt: null },
    orderBy: { createdAt: "desc" },
    take: 500,
  });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

export interface SignInWire {
  id: string;
  userAgent: string;
  createdAt: string;
  lastSeenAt: string;
}

/** A person's sign-ins that still hold, newest first. */
export async function listSignIns(userId: string): Promise<SignInWire[]> {
  const rows = await db().signIn.findMany({
    where: { userId, revokedAt: null, expiresAt: { gt: databaseTime() } },
    orderBy: { createdAt: "desc" },
    take: 100,
  });
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
  }));
}
