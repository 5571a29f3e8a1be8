/**
 * A database of its own for a test file, cloned from the migrated template in some 50 ms. `npm test` and
 * `npm run test:env` make the template and set the two variables.
 */
import { randomBytes } from "node:crypto";
import { Client } from "pg";

export interface TestDatabase {
  url: string;
  /** Drops the database, and whatever is still connected to it. With KILN_KEEP=1 it stays, and its URL is printed. */
  drop(): Promise<void>;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`npm run test:env\` first.`);
  return value;
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({
    connectionString: required("KILN_TEST_DATABASE_URL"),
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
  });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Clones the template. The name is unique, so files can run at the same time. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = required("KILN_TEST_TEMPLATE");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  const url = new URL(required("KILN_TEST_DATABASE_URL"));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      if (process.env.KILN_KEEP === "1") return console.error(`Kept the test's database: ${url.href}`);
      await onServer(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    },
  };
}
