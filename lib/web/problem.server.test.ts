import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { failed, fieldErrors, invalidInput, problem } from "./problem.server";

const schema = z.strictObject({
  name: z.string().min(2, "Too short."),
  env: z.record(z.string().regex(/^[A-Z]+$/, "Use capitals."), z.string()),
  files: z.array(z.strictObject({ path: z.string("No text.") })),
});
const valid = { name: "ab", env: {}, files: [] };

/** @throws Error when `input` is valid. */
function errorOf(input: unknown): z.ZodError {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error("The input is valid.");
  return parsed.error;
}

describe("fieldErrors", () => {
  it.each([
    ["a field", { name: "a" }, [{ path: "name", message: "Too short." }]],
    [
      "a field in a list",
      { files: [{ path: "/" }, { path: 1 }] },
      [{ path: "files.1.path", message: "No text." }],
    ],
    ["a key", { env: { a: "x" } }, [{ path: "env.a", message: "Use capitals." }]],
    ["an unknown field", { nmae: "a" }, [{ path: "nmae", message: "There is no such field." }]],
    [
      "unknown fields further down",
      { files: [{ path: "/", a: 1, b: 2 }] },
      [
        { path: "files.0.a", message: "There is no such field." },
        { path: "files.0.b", message: "There is no such field." },
      ],
    ],
    [
      "several at once",
      { name: "", env: { a: "x" } },
      [
        { path: "name", message: "Too short." },
        { path: "env.a", message: "Use capitals." },
      ],
    ],
  ])("names %s", (_, parts, fields) => {
    expect(fieldErrors(errorOf({ ...valid, ...parts }))).toEqual(fields);
  });

  it("names the whole input by an empty path", () => {
    expect(fieldErrors(errorOf("text")).map(({ path }) => path)).toEqual([""]);
  });
});

describe("invalidInput", () => {
  it("says what is wrong when it is one thing, and how many when there are more", () => {
    expect(invalidInput(errorOf({ ...valid, name: "" })).message).toBe("name: Too short.");
    expect(invalidInput(errorOf("text")).message).toMatch(/^The input: /);
    expect(invalidInput(errorOf({ ...valid, name: "", env: { a: "" } })).message).toBe(
      "2 fields need attention.",
    );
  });
});

describe("problem", () => {
  const bodyOf = async (error: unknown) => (await problem(error).json()) as Record<string, unknown>;

  it("is RFC 9457, with a code, the wrong fields and what else there is to know", async () => {
    const error = new AppError(412, "stale_draft", "Somebody saved.", [{ path: "a", message: "b" }], {
      revision: 3,
    });
    const response = problem(error);
    expect(response.status).toBe(412);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      type: "about:blank",
      title: "stale draft",
      status: 412,
      code: "stale_draft",
      detail: "Somebody saved.",
      errors: [{ path: "a", message: "b" }],
      revision: 3,
    });
  });

  it.each([
    [401, "www-authenticate", 'Bearer realm="kiln"'],
    [429, "retry-after", "5"],
    [503, "retry-after", "5"],
  ] as const)("%d says what to do about it", (status, header, value) => {
    expect(problem(new AppError(status, "code", "Words.")).headers.get(header)).toBe(value);
  });

  it("keeps to itself what went wrong inside, and gives an id to find it by", async () => {
    const body = await bodyOf(new Error("password=hunter2 at /srv/kiln/secret.ts:7"));
    expect(body).toMatchObject({ status: 500, code: "internal" });
    expect(JSON.stringify(body)).not.toMatch(/hunter2|secret\.ts/);
    expect(body.detail).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    expect((await bodyOf(new Error("again"))).detail).not.toBe(body.detail);
  });

  it.each([["a text"], [null], [undefined], [{ code: 7 }]])(
    "takes whatever is thrown: %j",
    async (thrown) => {
      expect(await bodyOf(thrown)).toMatchObject({ status: 500, code: "internal" });
    },
  );

  it("tells that the database is away", async () => {
    const error = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(await bodyOf(error)).toMatchObject({ status: 503, code: "database_unavailable" });
  });

  it("says the same to a server action, as a value", () => {
    expect(failed(new AppError(409, "busy", "Wait."))).toEqual({
      ok: false,
      error: { code: "busy", message: "Wait.", fields: [], extra: {} },
    });
  });
});
