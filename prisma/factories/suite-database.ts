/**
 * What a database test file calls first: a database of its own for all of its tests, with this process's
 * clients pointed at it, and everything closed afterwards.
 */
import { afterAll, beforeAll } from "vitest";
import { closeDatabase } from "@/lib/db/client.server";
import { closeHub } from "@/lib/events/hub.server";
import { closeSender } from "@/lib/jobs/boss.server";
import { createTestDatabase, type TestDatabase } from "./test-database";

/** Nothing may use the database before the file's `beforeAll`: the environment is read once. */
export function useSuiteDatabase(): void {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
    process.env.DATABASE_URL = database.url;
    process.env.KILN_SECRET_KEY = "only-for-tests-0123456789abcdefghij";
    process.env.KILN_SECRET = "only-for-tests-0123456789abcdefghij";
  });
  afterAll(async () => {
    await closeHub();
    await closeSender();
    await closeDatabase();
    await database?.drop();
  });
}
