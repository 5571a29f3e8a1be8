/** What a connection that is lost at a bad moment does to the process: nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/prisma/factories/test-database";
import { type DatabaseProxy, databaseProxy } from "@/worker/testing/database-proxy";
import { closeDatabase, db, pool } from "./client.server";

let database: TestDatabase;
let proxy: DatabaseProxy;
const unheard: unknown[] = [];
const hear = (error: unknown) => void unheard.push(error);
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await databaseProxy(database.url);
  process.env.DATABASE_URL = proxy.url;
  process.prependListener("uncaughtException", hear);
});
afterAll(async () => {
  process.off("uncaughtException", hear);
  await closeDatabase();
  await proxy.close();
  await database.drop();
});

test("ended by the server in the very answer that says it is ready: who asked is told, and the process goes on", async () => {
  proxy.endWhenReady();
  await expect(db().$transaction((tx) => tx.profile.count())).rejects.toThrow();
  proxy.endWhenReady();
  await expect(
    pool()
      .connect()
      .then((connection) => connection.query("SELECT 1").finally(() => connection.release(true))),
  ).rejects.toThrow();
  expect(proxy.ended()).toBe(2);
  expect(unheard).toEqual([]);
  expect(await db().$transaction((tx) => tx.profile.count())).toBe(0);
});
