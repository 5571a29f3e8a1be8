/** Storing, rotating and deleting secrets. The value is encrypted here, and nothing in the web opens it again. */

import { v7 as uuidv7 } from "uuid";
import { recordAudit } from "@/lib/audit/record.server";
import { emitRotated } from "@/lib/channels/emit.server";
import { db, Prisma, type Tx } from "@/lib/db/client.server";
import { databaseTime } from "@/lib/db/clock.server";
import { AppError, notFound } from "@/lib/errors";
import { installationId } from "@/lib/installation.server";
import type { Actor } from "@/lib/users/roles";
import { seal } from "./envelope.server";
import { secretKey } from "./key.server";
import { usesOf } from "./store.server";

interface Value {
  name: string;
  value: string;
}

/** @throws AppError 409 `secret_exists`. */
export async function createSecret(actor: Actor, { name, value }: Value): Promise<void> {
  const id = uuidv7();
  const installation = await installationId();
  const sealed = seal(secretKey(), { installation, id, name }, value);
  try {
    await db().$transaction(async (tx) => {
      await tx.secret.create({ data: { id, name, sealed, createdBy: actor.name, updatedBy: actor.name } });
      await markStale(tx, name);
      await recordAudit(tx, actor, "secret.create", { kind: "secret", id }, { name });
    });
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002")) throw error;
    throw new AppError(409, "secret_exists", `There is a secret ${name} already. Rotate that one instead.`, [
      { path: "name", message: "This name is taken: rotate that secret instead." },
    ]);
  }
}

/**
 * Gives it another value. The snapshots that were built with an older one are marked, in the same transaction.
 * @throws AppError 404 when there is no such secret.
 */
export async function rotateSecret(actor: Actor, { name, value }: Value): Promise<void> {
  const installation = await installationId();
  await db().$transaction(async (tx) => {
    const id = await hold(tx, name);
    const sealed = seal(secretKey(), { installation, id, name }, value);
    const { revision } = await tx.secret.update({
      where: { id },
      data: { sealed, revision: { increment: 1 }, updatedAt: databaseTime(), updatedBy: actor.name },
      select: { revision: true },
    });
    await markStale(tx, name);
    await recordAudit(tx, actor, "secret.rotate", { kind: "secret", id }, { name, revision });
    await emitRotated(tx, { name, revision, by: actor.name });
  });
}

/** Creates it, or rotates the one that is there. @returns whether it was created. */
export async function putSecret(actor: Actor, secret: Value): Promise<boolean> {
  const isNew = (await db().secret.count({ where: { name: secret.name } })) === 0;
  try {
    await (isNew ? createSecret : rotateSecret)(actor, secret);
    return isNew;
  } catch (error) {
    // Made or deleted since the look: the other way is the right one now.
    if (!(error instanceof AppError && (error.status === 409 || error.status === 404))) throw error;
    await (isNew ? rotateSecret : createSecret)(actor, secret);
    return !isNew;
  }
}

/** @throws AppError 404; 409 `secret_in_use` while a profile's newest version names it. */
export async function deleteSecret(actor: Actor, name: string): Promise<void> {
  await db().$transaction(async (tx) => {
    const id = await hold(tx, name);
    const uses = await usesOf([name], tx);
    if (uses.length > 0) {
      const versions = uses.map((use) => `${use.profile} version ${use.version}`).join(", ");
      throw new AppError(
        409,
        "secret_in_use",
        `${name} is named by ${versions}. Publish a version without it, or archive the profile, then delete it.`,
      );
    }
    await tx.secret.delete({ where: { id } });
    await recordAudit(tx, actor, "secret.delete", { kind: "secret", id }, { name });
  });
}

/** Builds that take it, publishing and other changes wait for this transaction's end. */
async function hold(tx: Tx, name: string): Promise<string> {
  const [row] = await tx.$queryRaw<Array<{ id: string }>>`
    SELECT id FROM secrets WHERE name = ${name} FOR UPDATE`;
  if (!row) throw notFound("secret");
  return row.id;
}

/** Whatever was built with this name until now was built with another value. */
async function markStale(tx: Tx, name: string): Promise<void> {
  await tx.$executeRaw`UPDATE snapshot_secrets SET stale = true WHERE name = ${name} AND NOT stale`;
}
