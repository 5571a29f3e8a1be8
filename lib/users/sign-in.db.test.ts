import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { codeOf } from "@/prisma/factories/errors";
import { nextNumber } from "@/prisma/factories/numbers";
import { makeUser, password } from "@/prisma/factories/people";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { setUserDisabled, setUserRole } from "./manage.server";
import { systemActor } from "./roles";
import { changePassword, endSignIn, readSignIn, type SignedIn, signIn } from "./sign-in.server";
import { listSignIns } from "./store.server";
import { clearSignInTries, countSignInTry } from "./throttle.server";
import type { UserWire } from "./wire";

useSuiteDatabase();
beforeAll(async () => {
  await makeUser("admin", "The Administrator");
});

/** Each try from an address of its own, so that only the account's limit counts. */
const attempt = (email: string, given = password, address = `10.0.0.${nextNumber()}`) =>
  signIn({ email, password: given, address, userAgent: "Test/1.0" });

async function signInAs(user: UserWire): Promise<SignedIn> {
  const signedIn = await attempt(user.email);
  if (!signedIn) throw new Error(`${user.email} could not sign in.`);
  return signedIn;
}

describe("signing in", () => {
  it("opens a sign-in that says who it is", async () => {
    const user = await makeUser("operator");
    const signedIn = await signInAs(user);
    expect(signedIn).toEqual({
      signInId: expect.any(String),
      id: user.id,
      email: user.email,
      name: user.name,
      role: "operator",
    });
    expect(await readSignIn(signedIn.signInId)).toEqual(signedIn);
    expect(await listSignIns(user.id)).toMatchObject([{ id: signedIn.signInId, userAgent: "Test/1.0" }]);
    expect(
      await db().auditEntry.count({
        where: { action: "sign_in", objectId: signedIn.signInId, actorId: user.id },
      }),
    ).toBe(1);
  });

  it("takes the e-mail in any case, with spaces around", async () => {
    const user = await makeUser();
    expect(await attempt(`  ${user.email.toUpperCase()} `)).toMatchObject({ id: user.id });
  });

  it("gives a new sign-in each time: a session isn't carried over", async () => {
    const user = await makeUser();
    expect((await signInAs(user)).signInId).not.toBe((await signInAs(user)).signInId);
  });

  it("gives one answer to a wrong password, an unknown user and a disabled one, and opens nothing", async () => {
    const [user, disabled] = [await makeUser(), await makeUser()];
    await setUserDisabled(systemActor, disabled.id, true);
    expect(await attempt(user.email, "wrong password")).toBeNull();
    expect(await attempt(user.email, "")).toBeNull();
    expect(await attempt("nobody@kiln.test")).toBeNull();
    expect(await attempt(disabled.email)).toBeNull();
    expect(await attempt("no\0body@kiln.test")).toBeNull();
    expect(await db().signIn.count({ where: { userId: { in: [user.id, disabled.id] } } })).toBe(0);
  });

  it("takes about as long for an unknown user as for a wrong password", async () => {
    const user = await makeUser();
    const timed = async (email: string) => {
      const times: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        const before = performance.now();
        await attempt(email, "wrong password");
        times.push(performance.now() - before);
      }
      return Math.min(...times);
    };
    await attempt("warm-up@kiln.test", "wrong password");
    const [known, unknown] = [await timed(user.email), await timed("unknown@kiln.test")];
    // Without the same work, an unknown user would be answered in a tenth of the time.
    expect(unknown).toBeGreaterThan(known / 4);
    expect(unknown).toBeLessThan(known * 4);
  });
});

describe("the throttle", () => {
  it("lets ten tries of an account through, however many come at once", async () => {
    const user = await makeUser();
    const codes = await Promise.all(
      Array.from({ length: 25 }, () => codeOf(attempt(user.email, "wrong password"))),
    );
    expect(codes.filter((code) => code === "")).toHaveLength(10);
    expect(codes.filter((code) => code === "throttled")).toHaveLength(15);
    expect(await codeOf(attempt(user.email))).toBe("throttled");
    expect(await codeOf(attempt(user.email.toUpperCase()))).toBe("throttled");
  });

  it("holds for unknown accounts, too: who exists isn't told by it", async () => {
    const codes = await Promise.all(Array.from({ length: 12 }, () => codeOf(attempt("ghost@kiln.test"))));
    expect(codes.filter((code) => code === "throttled")).toHaveLength(2);
  });

  it("lets fifty tries of an address through, whatever the accounts are", async () => {
    const counted = await Promise.all(
      Array.from({ length: 60 }, () => countSignInTry("address", "192.0.2.1")),
    );
    expect(counted.filter(Boolean)).toHaveLength(50);
    const user = await makeUser();
    expect(await codeOf(attempt(user.email, password, "192.0.2.1"))).toBe("throttled");
    expect(await codeOf(attempt(user.email))).toBe("");
  });

  it("ends with its window", async () => {
    const user = await makeUser();
    for (let i = 0; i < 11; i += 1) await countSignInTry("email", user.email);
    expect(await codeOf(attempt(user.email))).toBe("throttled");
    await db()
      .$executeRaw`UPDATE sign_in_throttles SET window_ends_at = now() - interval '1 second' WHERE key = ${`email:${user.email}`}`;
    expect(await attempt(user.email)).toMatchObject({ id: user.id });
  });

  it("isn't made longer by more tries", async () => {
    const key = "email:window@kiln.test";
    await countSignInTry("email", "window@kiln.test");
    const before = await db().signInThrottle.findUniqueOrThrow({ where: { key } });
    await countSignInTry("email", "window@kiln.test");
    expect((await db().signInThrottle.findUniqueOrThrow({ where: { key } })).windowEndsAt).toEqual(
      before.windowEndsAt,
    );
  });

  it("begins anew for the account at a success, but not for the address", async () => {
    const user = await makeUser();
    for (let i = 0; i < 9; i += 1) await countSignInTry("email", user.email);
    for (let i = 0; i < 48; i += 1) await countSignInTry("address", "192.0.2.2");
    expect(await attempt(user.email, password, "192.0.2.2")).not.toBeNull();
    expect(await db().signInThrottle.findUnique({ where: { key: `email:${user.email}` } })).toBeNull();
    expect(await countSignInTry("address", "192.0.2.2")).toBe(true);
    expect(await countSignInTry("address", "192.0.2.2")).toBe(false);
  });

  it("keeps one row for a name of any length", async () => {
    const long = `${"x".repeat(5_000)}@kiln.test`;
    expect(await countSignInTry("email", long)).toBe(true);
    await clearSignInTries(long);
    expect(await db().signInThrottle.count({ where: { key: { startsWith: "email:xxx" } } })).toBe(0);
  });
});

describe("who is signed in", () => {
  it("is read from the rows at each request: a new role counts at once", async () => {
    const user = await makeUser("admin");
    const { signInId } = await signInAs(user);
    await setUserRole(systemActor, user.id, "viewer");
    expect(await readSignIn(signInId)).toMatchObject({ role: "viewer" });
  });

  it("is nobody once the user is disabled, and stays so when they are enabled again", async () => {
    const user = await makeUser();
    const { signInId } = await signInAs(user);
    await setUserDisabled(systemActor, user.id, true);
    expect(await readSignIn(signInId)).toBeNull();
    await setUserDisabled(systemActor, user.id, false);
    expect(await readSignIn(signInId)).toBeNull();
    expect(await attempt(user.email)).toMatchObject({ id: user.id });
  });

  it("is nobody once it was ended, by its own user only", async () => {
    const [user, other] = [await makeUser(), await makeUser()];
    const { signInId } = await signInAs(user);
    await endSignIn(other.id, signInId);
    expect(await readSignIn(signInId)).not.toBeNull();
    await endSignIn(user.id, signInId);
    await endSignIn(user.id, signInId);
    expect(await readSignIn(signInId)).toBeNull();
    expect(await listSignIns(user.id)).toEqual([]);
  });

  it.each([
    ["after thirty days", "expires_at = now()"],
    ["after 72 hours of nothing", "last_seen_at = now() - interval '73 hours'"],
  ])("is nobody %s", async (_, change) => {
    const { signInId } = await signInAs(await makeUser());
    await db().$executeRawUnsafe(`UPDATE sign_ins SET ${change} WHERE id = '${signInId}'`);
    expect(await readSignIn(signInId)).toBeNull();
  });

  it("is noted at most once a minute", async () => {
    const { signInId } = await signInAs(await makeUser());
    const seenAt = async () =>
      (await db().signIn.findUniqueOrThrow({ where: { id: signInId } })).lastSeenAt.getTime();
    const first = await seenAt();
    await readSignIn(signInId);
    expect(await seenAt()).toBe(first);
    await db()
      .$executeRaw`UPDATE sign_ins SET last_seen_at = now() - interval '2 minutes' WHERE id = ${signInId}::uuid`;
    await readSignIn(signInId);
    expect(await seenAt()).toBeGreaterThanOrEqual(first);
  });

  it.each(["", "nothing", "0193a1b2-0000-7000-8000-0123456789ab", "' OR 1=1 --"])(
    "is nobody for %j",
    async (signInId) => {
      expect(await readSignIn(signInId)).toBeNull();
    },
  );
});

describe("changing the password", () => {
  it("ends all other sign-ins, and the old password", async () => {
    const user = await makeUser();
    const [here, there] = [await signInAs(user), await signInAs(user)];
    await changePassword(here, { current: password, next: "a new and better one" });
    expect(await readSignIn(here.signInId)).not.toBeNull();
    expect(await readSignIn(there.signInId)).toBeNull();
    expect(await attempt(user.email)).toBeNull();
    expect(await attempt(user.email, "a new and better one")).toMatchObject({ id: user.id });
  });

  it("needs the current one, and counts tries like a sign-in", async () => {
    const who = await signInAs(await makeUser());
    const guess = () => changePassword(who, { current: "a guess", next: "a new and better one" });
    await expect(guess()).rejects.toMatchObject({ status: 422, fields: [{ path: "current" }] });
    const codes = await Promise.all(Array.from({ length: 12 }, () => codeOf(guess())));
    expect(codes.filter((code) => code === "invalid_input")).toHaveLength(9);
    expect(codes.filter((code) => code === "throttled")).toHaveLength(3);
    expect(await codeOf(attempt(who.email))).toBe("throttled");
  });

  it("keeps no password anywhere in clear", async () => {
    const user = await makeUser();
    const { passwordHash } = await db().user.findUniqueOrThrow({ where: { id: user.id } });
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(await db().auditEntry.findMany())).not.toContain(password);
  });
});
