/** The only writer of hooks; what comes in through them is in receive.server.ts. */
import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Prisma } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import { installationId } from "@/lib/installation.server";
import type { Page } from "@/lib/page";
import { whereProfile } from "@/lib/profiles/slug";
import { getProfile } from "@/lib/profiles/store.server";
import type { Actor } from "@/lib/users/roles";
import { isUuid } from "@/lib/uuid";
import { hookKey } from "./key.server";
import { type HookWire, type hookInputSchema, hookOutcomeSchema, type MadeHookWire } from "./wire";

/** A profile has a handful. */
const MOST = 20;

function toWire(row: Prisma.HookGetPayload<object>): HookWire {
  const { id, name, token, createdBy, createdAt, lastAt, lastOutcome } = row;
  return {
    ...{ id, name, createdBy, path: `/api/v1/hooks/${token}` },
    createdAt: createdAt.toISOString(),
    lastAt: lastAt?.toISOString() ?? null,
    lastOutcome: lastOutcome === null ? null : hookOutcomeSchema.parse(lastOutcome),
  };
}

/** A page of them is all that there are. @throws AppError 404. */
export async function listHooks(profile: string): Promise<Page<HookWire>> {
  const { id } = await getProfile(profile);
  const rows = await db().hook.findMany({ where: { profileId: id }, orderBy: { id: "desc" }, take: MOST });
  return { items: rows.map(toWire), nextCursor: null };
}

/** @returns the hook with its signing key, which nobody is shown again. @throws AppError 404; 409 `too_many_hooks` */
export async function createHook(
  actor: Actor,
  profile: string,
  { name }: z.output<typeof hookInputSchema>,
): Promise<MadeHookWire> {
  const installation = await installationId();
  const id = uuidv7();
  return db().$transaction(async (tx) => {
    const { id: profileId } = await getProfile(profile, tx);
    await tx.$queryRaw`SELECT id FROM profiles WHERE id = ${profileId}::uuid FOR NO KEY UPDATE`;
    if ((await tx.hook.count({ where: { profileId } })) >= MOST)
      throw new AppError(409, "too_many_hooks", `The profile has ${MOST} hooks already. Delete one first.`);
    const token = randomBytes(24).toString("base64url");
    const row = await tx.hook.create({ data: { id, profileId, name, token, createdBy: actor.name } });
    await recordAudit(tx, actor, "hook.create", { kind: "profile", id: profileId }, { name });
    return { ...toWire(row), signingKey: hookKey(installation, id) };
  });
}

/** @throws AppError 404. */
export async function deleteHook(actor: Actor, profile: string, id: string): Promise<void> {
  await db().$transaction(async (tx) => {
    const row = await tx.hook.findFirst({
      where: { id: isUuid(id) ? id : { in: [] }, profile: whereProfile(profile) },
    });
    if (!row) throw notFound("hook");
    await tx.hook.deleteMany({ where: { id } });
    await recordAudit(tx, actor, "hook.delete", { kind: "profile", id: row.profileId }, { name: row.name });
  });
}
