/** For tests: faults of the database, caused for real. Only one test's database is touched. */
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";

export interface DatabaseFaults {
  /** Ends every connection at once, as a restart does; new ones are served. */
  cut(): Promise<void>;
  /**
   * Cuts again and again, until the promise settles, and each time after a pause that is a tenth longer: a machine that
   * is too slow for the first ones gets on in the end. @returns how often
   */
  cutDuring(what: Promise<unknown>, firstPauseMs: number): Promise<number>;
  /** Is away while `during` runs: connections are cut and refused. */
  away(during: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** @param url the database that has the faults; its server is reached through another one */
export async function databaseFaults(url: string): Promise<DatabaseFaults> {
  const admin = new Client({ connectionString: process.env.KILN_TEST_DATABASE_URL });
  await admin.connect();
  const name = new URL(url).pathname.slice(1);
  const allow = (allowed: boolean) =>
    admin.query(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS ${allowed}`);
  const cut = async () => {
    await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
  };
  return {
    cut,
    cutDuring: async (what, firstPauseMs) => {
      let over = false;
      const end = () => {
        over = true;
      };
      what.then(end, end);
      let cuts = 0;
      for (; !over; cuts += 1) {
        await cut();
        await pause(firstPauseMs * 1.1 ** cuts);
      }
      return cuts;
    },
    away: async (during) => {
      await allow(false);
      try {
        await cut();
        await during();
      } finally {
        await allow(true);
      }
    },
    close: () => admin.end(),
  };
}
