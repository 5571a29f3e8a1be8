import { beforeAll, expect, it } from "vitest";
import { authOptions } from "./auth-options.server";

beforeAll(() => {
  process.env.NEXTAUTH_URL = "https://kiln.example.net";
  process.env.DATABASE_URL ??= "postgres://nowhere";
  process.env.KILN_SECRET ??= "only-for-tests-0123456789abcdefghij";
});

it("with HTTPS nobody but the dashboard's own host can set the cookie of a sign-in", () => {
  expect(authOptions().cookies?.sessionToken).toMatchObject({
    name: expect.stringMatching(/^__Host-next-auth\./),
    options: { secure: true, path: "/", httpOnly: true, sameSite: "lax" },
  });
  expect(authOptions().cookies?.sessionToken?.options).not.toHaveProperty("domain");
});
