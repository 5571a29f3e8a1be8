/** Whose a profile is: they hear when it fails. Its rights are everybody's who has the role. */
import { recordAudit } from "@/lib/audit/record.server";
import { db, type Tx } from "@/lib/db/client.server";
import { AppError, notFound } from "@/lib/errors";
import type { Page } from "@/lib/page";
import type { Actor } from "@/lib/users/roles";
import { whereProfile } from "./slug";
import type { OwnerWire } from "./wire";

/** As many as one may be asked to read. */
const MOST = 50;

/** By name. @throws AppError 404. */
export async function listOwners(profile: string, tx: Tx = db()): Promise<Page<OwnerWire>> {
  const row = await tx.profile.findUnique({
    where: whereProfile(profile),
    select: {
      owners: {
        select: { user: { select: { id: true, name: true, email: true, disabledAt: true } } },
        orderBy: { user: { name: "asc" } },
        take: MOST,
      },
    },
  });
  if (!row) throw notFound("profile");
  const items = row.owners.map(({ user: { disabledAt, ...user } }) => ({
    ...user,
    disabled: disabledAt !== null,
  }));
  return { items, nextCursor: null };
}

/** These and no others. @throws AppError 404; 422 for somebody who isn't there. */
export async function setOwners(
  actor: Actor,
  profile: string,
  userIds: readonly string[],
): Promise<Page<OwnerWire>> {
  return change(actor, profile, async (tx, profileId) => {
    const people = await tx.user.findMany({ where: { id: { in: [...userIds] } }, select: { id: true } });
    const missing = userIds.findIndex((each) => !people.some(({ id }) => id === each.toLowerCase()));
    if (missing >= 0)
      throw new AppError(422, "invalid_input", "There is no such user.", [
        { path: `userIds.${missing}`, message: "There is no such user." },
      ]);
    const ids = people.map(({ id }) => id);
    await tx.profileOwner.deleteMany({ where: { profileId, userId: { notIn: ids } } });
    await tx.profileOwner.createMany({
      data: ids.map((userId) => ({ profileId, userId })),
      skipDuplicates: true,
    });
  });
}

/** @param person their e-mail, or their name when only one has it. @throws AppError 404, 422, 409 `ambiguous_name`. */
export async function addOwner(actor: Actor, profile: string, person: string): Promise<Page<OwnerWire>> {
  return change(actor, profile, async (tx, profileId) => {
    const userId = await findPerson(tx, person);
    await tx.profileOwner.createMany({ data: [{ profileId, userId }], skipDuplicates: true });
  });
}

export async function removeOwner(actor: Actor, profile: string, userId: string): Promise<Page<OwnerWire>> {
  return change(actor, profile, async (tx, profileId) => {
    await tx.profileOwner.deleteMany({ where: { profileId, userId } });
  });
}

/** The profile's row is locked, so that the limit holds and the audit says what was. */
async function change(
  actor: Actor,
  profile: string,
  apply: (tx: Tx, profileId: string) => Promise<void>,
): Promise<Page<OwnerWire>> {
  return db().$transaction(async (tx) => {
    const found = await tx.profile.findUnique({ where: whereProfile(profile), select: { id: true } });
    if (!found) throw notFound("profile");
    const { id } = found;
    await tx.$queryRaw`SELECT id FROM profiles WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
    await apply(tx, id);
    if ((await tx.profileOwner.count({ where: { profileId: id } })) > MOST)
      throw new AppError(409, "too_many_owners", `A profile has at most ${MOST} owners. Remove one first.`);
    const owners = await listOwners(id, tx);
    const names = owners.items.map(({ name }) => name).join(", ");
    await recordAudit(tx, actor, "profile.set_owners", { kind: "profile", id }, { owners: names });
    return owners;
  });
}

async function findPerson(tx: Tx, person: string): Promise<string> {
  const found = await tx.$queryRaw<Array<{ id: string; exact: boolean }>>`
    SELECT id, lower(email) = lower(${person}) AS exact FROM users
    WHERE disabled_at IS NULL AND (lower(email) = lower(${person}) OR lower(name) = lower(${person}))
    ORDER BY 2 DESC LIMIT 2`;
  const [first, second] = found;
  const wrong = (status: 409 | 422, code: string, message: string) =>
    new AppError(status, code, message, [{ path: "person", message }]);
  if (!first)
    throw wrong(
      422,
      "invalid_input",
      `Nobody who may sign in is called ${person}. Give a name or an e-mail.`,
    );
  if (second && !first.exact)
    throw wrong(409, "ambiguous_name", `Several people are called ${person}. Give the e-mail.`);
  return first.id;
}
