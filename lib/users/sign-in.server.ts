/** Signing in and out. The cookie only names a row; role, disabling and sign-out are read from the rows at each request. */

import { recordAudit } from "@/lib/audit/record.server";
import { db } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError } from "@/lib/errors";
import { isUuid } from "@/lib/uuid";
import { hashPassword, passwordMatches } from "./password.server";
import type { Actor, Role } from "./roles";
import { clearSignInTries, countSignInTry } from "./throttle.server";

const ABSOLUTE_DAYS = 30;
const IDLE_HOURS = 72;

export interface SignedIn {
  signInId: string;
  id: string;
  email: string;
  name: string;
  role: Role;
}

const actorOf = (user: { id: string; name: string; role: Role }): Actor => ({
  kind: "user",
  id: user.id,
  name: user.name,
  role: user.role,
});

/**
 * Checks a password and opens a sign-in.
 * @returns null when e-mail or password are wrong, or the user is disabled: one answer for all three.
 * @throws AppError 429 `throttled`.
 */
export async function signIn(input: {
  email: string;
  password: string;
  address: string;
  userAgent: string;
}): Promise<SignedIn | null> {
  const email = input.email.trim().toLowerCase().replaceAll("\0", "\uFFFD");
  const counted = await Promise.all([
    countSignInTry("email", email),
    countSignInTry("address", input.address),
  ]);
  if (counted.includes(false))
    throw new AppError(429, "throttled", "Too many tries. Wait five minutes, then try again.");
  const user = await db().user.findUnique({ where: { email } });
  const matches = await passwordMatches(user?.passwordHash ?? null, input.password.slice(0, 1000));
  if (!user || !matches || user.disabledAt) return null;
  await clearSignInTries(email);
  return db().$transaction(async (tx) => {
    const expiresAt = new Date(databaseTime().getTime() + ABSOLUTE_DAYS * 86_400_000);
    const row = await tx.signIn.create({
      data: { userId: user.id, userAgent: input.userAgent.slice(0, 300), expiresAt },
      select: { id: true },
    });
    await recordAudit(tx, actorOf(user), "sign_in", { kind: "sign_in", id: row.id });
    return { signInId: row.id, id: user.id, email: user.email, name: user.name, role: user.role };
  });
}

/** Who the sign-in belongs to now; null when it was ended, timed out, or its user was disabled. Notes at most once a minute that it was seen. */
export async function readSignIn(signInId: string): Promise<SignedIn | null> {
  if (!isUuid(signInId)) return null;
  const rows = await db().$queryRaw<
    Array<{ id: string; email: string; name: string; role: Role; stale: boolean }>
  >`
    SELECT u.id, u.email, u.name, u.role, s.last_seen_at < now() - interval '1 minute' AS stale
    FROM sign_ins s JOIN users u ON u.id = s.user_id
    WHERE s.id = ${signInId}::uuid AND s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL
      AND s.last_seen_at > now() - make_interval(hours => ${IDLE_HOURS}::int)`;
  const [row] = rows;
  if (!row) return null;
  if (row.stale)
    await db()
      .$executeRaw`UPDATE sign_ins SET last_seen_at = now() WHERE id = ${signInId}::uuid AND last_seen_at < now() - interval '1 minute'`;
  return { signInId, id: row.id, email: row.email, name: row.name, role: row.role };
}

/** Ends a sign-in of this user. Safe to repeat. */
export async function endSignIn(userId: string, signInId: string): Promise<void> {
  if (!isUuid(signInId)) return;
  await db().signIn.updateMany({
    where: { id: signInId, userId, revokedAt: null },
    data: { revokedAt: databaseTime() },
  });
}

/** Changes the person's own password and ends all of their other sign-ins. @throws AppError 422 when the current one is wrong. */
export async function changePassword(who: SignedIn, input: { current: string; next: string }): Promise<void> {
  if (!(await countSignInTry("email", who.email)))
    throw new AppError(429, "throttled", "Too many tries. Wait five minutes, then try again.");
  const user = await db().user.findUniqueOrThrow({ where: { id: who.id } });
  if (!(await passwordMatches(user.passwordHash, input.current)))
    throw new AppError(422, "invalid_input", "The current password is wrong.", [
      { path: "current", message: "This is not your password." },
    ]);
  const passwordHash = await hashPassword(input.next);
  await db().$transaction(async (tx) => {
    await tx.user.update({ where: { id: who.id }, data: { passwordHash } });
    await tx.signIn.updateMany({
      where: { userId: who.id, id: { not: who.signInId }, revokedAt: null },
      data: { revokedAt: databaseTime() },
    });
    await recordAudit(tx, actorOf(who), "user.change_password", { kind: "user", id: who.id });
  });
  await clearSignInTries(who.email);
}
