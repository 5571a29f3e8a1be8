/** The few statements that setting up needs. `pg` is loaded late, because this file is read before it is installed. */
import { Refusal } from "./refusal.mjs";

/**
 * @param {string} url
 * @param {string} statement
 * @param {unknown[]} [values]
 * @returns {Promise<Record<string, unknown>[]>}
 */
export async function query(url, statement, values = []) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
  });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Makes a database unless it is there.
 * @param {string} adminUrl
 * @param {string} name
 */
export async function ensureDatabase(adminUrl, name) {
  const found = await query(adminUrl, "SELECT 1 FROM pg_database WHERE datname = $1", [name]);
  if (found.length === 0) await query(adminUrl, `CREATE DATABASE "${name}"`);
}

/**
 * @param {string} url the server that the user named
 * @throws {Refusal} when it doesn't answer
 */
export async function requireDatabase(url) {
  try {
    await query(url, "SELECT 1");
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new Refusal(
      `The database of DATABASE_URL does not answer (${reason}): start it or correct the address.`,
    );
  }
}
