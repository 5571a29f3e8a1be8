import { globSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createToken, revokeToken } from "@/lib/users/create-token.server";
import { systemActor } from "@/lib/users/roles";
import { makeToken } from "@/prisma/factories/people";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { call, type Handler, refusalOf } from "../testing/call";
import * as profiles from "./profiles/route";

useSuiteDatabase();

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const root = path.join(import.meta.dirname, "..");
const open = new Set(["v1/health/route.ts", "v1/hooks/[token]/route.ts", "auth/[...nextauth]/route.ts"]);

interface Entry {
  name: string;
  method: (typeof methods)[number];
  handler: Handler<unknown>;
}

/** Every handler that a request can reach, found and not listed: a new one is tried without anybody's doing. */
const entries: Entry[] = [];
for (const file of globSync("**/route.ts", { cwd: root }).filter((file) => !open.has(file))) {
  const module = (await import(path.join(root, file))) as Record<string, unknown>;
  for (const method of methods) {
    const handler = module[method];
    if (typeof handler === "function")
      entries.push({
        name: `${method} /${path.dirname(file)}`,
        method,
        handler: handler as Handler<unknown>,
      });
  }
}
const cases = entries.map((entry) => [entry.name, entry] as const);
const changing = cases.filter(([, { method }]) => method !== "GET");

const tokens = { viewer: "", operator: "", admin: "" };
beforeAll(async () => {
  for (const role of ["viewer", "operator", "admin"] as const) tokens[role] = await makeToken(role);
});

/** A call of anything: nothing is there, so whoever gets past the door gets a 404, a 422 or an empty list. */
const knock = ({ handler, method }: Entry, headers: Record<string, string>) => {
  const params = {
    profile: "nobody",
    number: "1",
    name: "NOBODY",
    id: "0193a1b2-0000-7000-8000-0123456789ab",
  };
  return call(handler, { method, params, headers: { accept: "application/json", ...headers } });
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const leave = (response: Response) => response.body?.cancel();

it("finds the handlers", () => {
  expect(cases.length).toBeGreaterThanOrEqual(25);
});

describe.each(cases)("%s", (_, entry) => {
  it("401 for a token that isn't one, with how to do better", async () => {
    const response = await knock(entry, bearer("kiln_wrong"));
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="kiln"');
    expect(await refusalOf(response)).toEqual([401, "unauthenticated"]);
  });

  it("lets an administrator's token in", async () => {
    const response = await knock(entry, bearer(tokens.admin));
    expect([401, 403, 500]).not.toContain(response.status);
    await leave(response);
  });
});

describe.each(changing)("%s changes something", (_, entry) => {
  it("403 for a viewer; an operator may, or an administrator is needed", async () => {
    expect(await refusalOf(await knock(entry, bearer(tokens.viewer)))).toEqual([403, "forbidden"]);
    expect([401, 500]).not.toContain((await knock(entry, bearer(tokens.operator))).status);
  });

  it("403 for a cookie from a foreign page, or from none", async () => {
    for (const origin of ["https://evil.example", "null", "http://kiln.test.evil.example", "nonsense"]) {
      expect(await refusalOf(await knock(entry, { cookie: "a=b", host: "kiln.test", origin }))).toEqual([
        403,
        "foreign_origin",
      ]);
    }
    expect(await refusalOf(await knock(entry, { cookie: "a=b", host: "kiln.test" }))).toEqual([
      403,
      "foreign_origin",
    ]);
  });

  it("401 for nobody", async () => {
    expect(await refusalOf(await knock(entry, {}))).toEqual([401, "unauthenticated"]);
  });
});

describe("a token", () => {
  const list = (authorization: string) => call(profiles.GET, { headers: { authorization } });

  it.each([(t: string) => `Bearer ${t}`, (t: string) => `bearer ${t}`, (t: string) => `BEARER ${t} `])(
    "is taken: case %#",
    async (header) => {
      expect((await list(header(tokens.viewer))).status).toBe(200);
    },
  );

  it.each([
    () => "",
    () => "Bearer",
    () => "Bearer ",
    (t: string) => t,
    (t: string) => `Basic ${t}`,
    (t: string) => `Bearer,${t}`,
    (t: string) => `Bearer ${t}x`,
    (t: string) => `Bearer x ${t}`,
  ])("isn't taken: case %#", async (header) => {
    expect(await refusalOf(await list(header(tokens.admin)))).toEqual([401, "unauthenticated"]);
  });

  it("that was revoked is out at the next request", async () => {
    const { token, wire } = await createToken({ name: "short-lived", role: "admin" });
    expect((await list(`Bearer ${token}`)).status).toBe(200);
    await revokeToken(systemActor, wire.id);
    expect(await refusalOf(await list(`Bearer ${token}`))).toEqual([401, "unauthenticated"]);
  });

  it("that is wrong isn't made up for by a cookie", async () => {
    const response = await call(profiles.POST, {
      body: { name: "x" },
      headers: { authorization: "Bearer kiln_wrong", cookie: "next-auth.session-token=x" },
    });
    expect(await refusalOf(response)).toEqual([401, "unauthenticated"]);
  });
});
