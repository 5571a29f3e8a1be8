import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { codeOf } from "@/prisma/factories/errors";
import { makeToken, makeUser, password } from "@/prisma/factories/people";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { createToken, readToken, revokeToken } from "./create-token.server";
import { createUser, setUserDisabled, setUserRole } from "./manage.server";
import { systemActor } from "./roles";
import { listTokens, listUsers } from "./store.server";
import { createUserSchema } from "./wire";

useSuiteDatabase();

describe("users", () => {
  it("have one e-mail each, in whatever case, also when two are made at once", async () => {
    await makeUser("admin");
    const make = (email: string) =>
      createUser(systemActor, createUserSchema.parse({ email, name: "Twin", role: "viewer", password }));
    const codes = await Promise.all([
      codeOf(make("twin@kiln.test")),
      codeOf(make("TWIN@kiln.test")),
      codeOf(make("Twin@Kiln.test")),
    ]);
    expect(codes.toSorted()).toEqual(["", "email_taken", "email_taken"]);
    expect((await listUsers()).filter(({ name }) => name === "Twin")).toMatchObject([
      { email: "twin@kiln.test", role: "viewer", disabledAt: null },
    ]);
  });

  it("are never shown with their password's hash", async () => {
    const user = await makeUser();
    expect(Object.keys(user).toSorted()).toEqual(["createdAt", "disabledAt", "email", "id", "name", "role"]);
  });

  it("that aren't there can't be changed", async () => {
    await makeUser("admin");
    const nobody = "0193a1b2-0000-7000-8000-0123456789ab";
    expect(await codeOf(setUserRole(systemActor, nobody, "admin"))).toBe("not_found");
    expect(await codeOf(setUserDisabled(systemActor, nobody, true))).toBe("not_found");
  });

  it("changes are audited with who made them", async () => {
    await makeUser("admin");
    const user = await makeUser("viewer");
    const admin = { kind: "user" as const, id: user.id, name: "An admin", role: "admin" as const };
    await setUserRole(admin, user.id, "operator");
    await setUserDisabled(admin, user.id, true);
    await setUserDisabled(admin, user.id, false);
    const entries = await db().auditEntry.findMany({
      where: { objectId: user.id, actorName: "An admin" },
      orderBy: { id: "asc" },
    });
    expect(entries.map(({ action }) => action)).toEqual(["user.set_role", "user.disable", "user.enable"]);
    expect(entries[0]?.detail).toEqual({ role: "operator" });
  });
});

describe("the last administrator", () => {
  beforeEach(async () => {
    await db().user.deleteMany();
  });
  const enabledAdmins = () => db().user.count({ where: { role: "admin", disabledAt: null } });

  it("can't be demoted or disabled", async () => {
    const admin = await makeUser("admin");
    expect(await codeOf(setUserRole(systemActor, admin.id, "operator"))).toBe("last_admin");
    expect(await codeOf(setUserDisabled(systemActor, admin.id, true))).toBe("last_admin");
    expect(await enabledAdmins()).toBe(1);
  });

  it("isn't made up for by a disabled one", async () => {
    const [admin, other] = [await makeUser("admin"), await makeUser("admin")];
    await setUserDisabled(systemActor, other.id, true);
    expect(await codeOf(setUserRole(systemActor, admin.id, "viewer"))).toBe("last_admin");
  });

  it("stays when all of them are demoted or disabled at once", async () => {
    for (let round = 0; round < 10; round += 1) {
      await db().user.deleteMany();
      const admins = [await makeUser("admin"), await makeUser("admin"), await makeUser("admin")];
      const codes = await Promise.all(
        admins.map(({ id }, index) =>
          codeOf(
            index % 2 === 0 ? setUserRole(systemActor, id, "viewer") : setUserDisabled(systemActor, id, true),
          ),
        ),
      );
      expect(codes.toSorted()).toEqual(["", "", "last_admin"]);
      expect(await enabledAdmins()).toBe(1);
    }
  });

  it("may go when there is another", async () => {
    const [admin] = [await makeUser("admin"), await makeUser("admin")];
    expect(await setUserRole(systemActor, admin.id, "viewer")).toMatchObject({ role: "viewer" });
  });
});

describe("tokens", () => {
  it("stand for a name and a role, and are told by their prefix", async () => {
    const { token, wire } = await createToken({ name: "CI", role: "operator" });
    expect(token).toMatch(/^kiln_[A-Za-z0-9_-]{43}$/);
    expect(await readToken(token)).toEqual({ kind: "token", id: wire.id, name: "CI", role: "operator" });
  });

  it("are kept as a hash only", async () => {
    const { token, wire } = await createToken({ name: "secret one", role: "viewer" });
    const row = await db().apiToken.findUniqueOrThrow({ where: { id: wire.id } });
    expect(Buffer.from(row.hash).toString("hex")).toBe(createHash("sha256").update(token).digest("hex"));
    const everything = JSON.stringify([row, wire, await listTokens(), await db().auditEntry.findMany()]);
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(token.slice(5));
  });

  it("don't work once revoked, and can be revoked once", async () => {
    const { token, wire } = await createToken({ name: "gone", role: "admin" });
    await revokeToken(systemActor, wire.id);
    expect(await readToken(token)).toBeNull();
    expect(await codeOf(revokeToken(systemActor, wire.id))).toBe("not_found");
    expect((await listTokens()).some(({ id }) => id === wire.id)).toBe(false);
    expect(await codeOf(revokeToken(systemActor, "nothing"))).toBe("not_found");
  });

  it.each([
    ["nothing", () => ""],
    ["an unknown one", () => `kiln_${"x".repeat(43)}`],
    ["one without its prefix", (token: string) => token.slice(5)],
    ["a longer one", (token: string) => `${token}x`],
    ["one in capitals", (token: string) => token.toUpperCase()],
    ["a NUL", (token: string) => `${token}\0`],
  ])("stand for nobody: %s", async (_, change) => {
    expect(await readToken(change(await makeToken("admin")))).toBeNull();
  });

  it("note that they were used, at most once a minute", async () => {
    const { token, wire } = await createToken({ name: "used", role: "viewer" });
    const usedAt = async () => (await db().apiToken.findUniqueOrThrow({ where: { id: wire.id } })).lastUsedAt;
    expect(await usedAt()).toBeNull();
    await readToken(token);
    const first = await usedAt();
    expect(first).not.toBeNull();
    await readToken(token);
    expect(await usedAt()).toEqual(first);
  });
});
