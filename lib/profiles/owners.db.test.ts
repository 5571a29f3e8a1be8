import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { setUserDisabled } from "@/lib/users/manage.server";
import { systemActor } from "@/lib/users/roles";
import { codeOf } from "@/prisma/factories/errors";
import { makeUser, operator } from "@/prisma/factories/people";
import { makeProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { addOwner, listOwners, removeOwner, setOwners } from "./owners.server";

useSuiteDatabase();
const names = async (profile: string) => (await listOwners(profile)).items.map(({ name }) => name);

describe("owners", () => {
  it("are set, added by name or e-mail, removed, and written down", async () => {
    const { slug, id } = await makeProfile();
    const [ann, ben] = [await makeUser("viewer", "Ann Owner"), await makeUser("operator", "Ben Owner")];
    expect(await names(slug)).toEqual([]);
    await setOwners(operator, slug, [ann.id]);
    await addOwner(operator, id, "ben owner");
    await addOwner(operator, id, ben.email.toUpperCase());
    expect(await names(slug)).toEqual(["Ann Owner", "Ben Owner"]);
    await removeOwner(operator, slug, ann.id);
    expect(await names(slug)).toEqual(["Ben Owner"]);
    await setOwners(operator, slug, [ann.id]);
    expect(await names(slug)).toEqual(["Ann Owner"]);
    const entries = await db().auditEntry.findMany({
      where: { objectId: id, action: "profile.set_owners" },
      orderBy: { id: "asc" },
    });
    expect(entries.at(1)?.detail).toEqual({ owners: "Ann Owner, Ben Owner" });
  });

  it("are people that are there, and only one by a name", async () => {
    const { slug } = await makeProfile();
    const twin = await makeUser("viewer", "Twin");
    await db().user.update({ where: { id: (await makeUser()).id }, data: { name: "Twin" } });
    expect(await codeOf(addOwner(operator, slug, "Twin"))).toBe("ambiguous_name");
    expect(await codeOf(addOwner(operator, slug, "Nobody"))).toBe("invalid_input");
    expect(await codeOf(setOwners(operator, slug, [crypto.randomUUID()]))).toBe("invalid_input");
    expect(await codeOf(listOwners("nowhere"))).toBe("not_found");
    await makeUser("admin");
    await setUserDisabled(systemActor, twin.id, true);
    await addOwner(operator, slug, "Twin");
    await setOwners(operator, slug, [twin.id]);
    expect((await listOwners(slug)).items).toMatchObject([{ id: twin.id, disabled: true }]);
    expect(await codeOf(addOwner(operator, slug, twin.email))).toBe("invalid_input");
  });
});
