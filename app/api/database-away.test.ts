import { createServer } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeDatabase } from "@/lib/db/client.server";
import { call, problemOf } from "./testing/call";
import * as health from "./v1/health/route";
import * as refresh from "./v1/profiles/[profile]/versions/[number]/refresh/route";
import * as profiles from "./v1/profiles/route";

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 1;
}

beforeAll(async () => {
  process.env.DATABASE_URL = `postgres://nobody@127.0.0.1:${await closedPort()}/nothing`;
});
afterAll(closeDatabase);

const token = `kiln_${"x".repeat(43)}`;

it("the API says 503, in its own shape, and when to come back (F14)", async () => {
  for (const response of [
    await call(profiles.GET, { token }),
    await call(refresh.POST, { token, method: "POST", params: { profile: "p", number: "1" } }),
  ]) {
    expect(response.headers.get("retry-after")).toBe("5");
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 503, code: "database_unavailable" });
    expect(problem.detail).not.toMatch(/127\.0\.0\.1|nobody|ECONN/);
  }
});

it("the health check says 503 and doesn't throw", async () => {
  const response = await health.GET();
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: "down", database: "down", workers: [], hosts: [] });
});
