/** Making users, changing their role, disabling them. There is always one enabled administrator left. */

import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, Prisma, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError, notFound } from "@/lib/errors";
import { hashPassword } from "./password.server";
import type { Actor, Role } from "./roles";
import { toUserWire } from "./store.server";
import type { createUserSchema, UserWire } from "./wire";

/** @throws AppError 409 `email_taken`. */
export async function createUser(actor: Actor, input: z.output<typeof createUserSchema>): Promise<UserWire> {
  const passwordHash = await hashPassword(input.password);
  try {
    return await db().$transaction(async (tx) => {
      const row = await tx.user.create({
        data: { email: input.email, name: input.name, role: input.role, passwordHash },
      });
      await recordAudit(
        tx,
        actor,
        "user.create",
        { kind: "user", id: row.id },
        { email: row.email, role: row.role },
      );
      return toUserWire(row);
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")
      throw new AppError(409, "email_taken", "A user with this e-mail is there already.", [
        { path: "email", message: "This e-mail is taken." },
      ]);
    throw error;
  }
}

export async function setUserRole(actor: Actor, id: string, role: Role): Promise<UserWire> {
  return change(actor, id, "user.set_role", { role }, (tx) =>
    tx.user.updateMany({ where: { id }, data: { role } }),
  );
}

/** A disabled user is out at the next request: their sign-ins end with it. */
export async function setUserDisabled(actor: Actor, id: string, disabled: boolean): Promise<UserWire> {
  return change(actor, id, disabled ? "user.disable" : "user.enable", {}, async (tx) => {
    if (disabled)
      await tx.signIn.updateMany({
        where: { userId: id, revokedAt: null },
        data: { revokedAt: databaseTime() },
      });
    return tx.user.updateMany({ where: { id }, data: { disabledAt: disabled ? databaseTime() : null } });
  });
}

async function change(
  actor: Actor,
  id: string,
  action: string,
  detail: Record<string, string>,
  apply: (tx: Tx) => Promise<{ count: number }>,
): Promise<UserWire> {
  return db().$transaction(async (tx) => {
    // Two administrators who demote each other at once would leave none: they are ordered by this lock.
    await tx.$queryRaw`SELECT id FROM users WHERE role = 'admin' ORDER BY id FOR UPDATE`;
    if ((await apply(tx)).count === 0) throw notFound("user");
    if ((await tx.user.count({ where: { role: "admin", disabledAt: null } })) === 0)
      throw new AppError(409, "last_admin", "This is the last administrator. Make another one first.");
    await recordAudit(tx, actor, action, { kind: "user", id }, detail);
    return toUserWire(await tx.user.findUniqueOrThrow({ where: { id } }));
  });
}
