/** The steps of a start that are more than one call: the database, the first data, and what is printed of it. */
import { programEnvironment } from "./environment.mjs";
import { dataFolder, logFile } from "./paths.mjs";
import { startPostgres } from "./postgres.mjs";
import { ensureDatabase, requireDatabase } from "./sql.mjs";
import { print } from "./steps.mjs";
import { lastJsonLine, runTypeScript } from "./typescript.mjs";

/**
 * The user's database, or the embedded one.
 * @param {import("./lifecycle.mjs").Lifecycle} lifecycle
 * @param {(what: string) => void} say
 * @returns {Promise<string>} its address
 */
export async function provideDatabase({ own, callbacks }, say) {
  const given = process.env.DATABASE_URL;
  if (given) {
    await requireDatabase(given);
    return given;
  }
  const options = { folder: dataFolder("postgres"), log: logFile("postgres"), say, ...callbacks };
  const server = await own(await startPostgres(options));
  await ensureDatabase(server.url("postgres"), "kiln");
  return server.url("kiln");
}

/** @param {{ databaseUrl: string, secret: string }} facts */
export async function migrate(facts) {
  await runTypeScript("scripts/migrate.ts", [], { env: programEnvironment(facts), log: logFile("migrate") });
}

/**
 * The first administrator and the example profile, if this database has none. The password is printed at once: it
 * can't be shown again, whatever happens to the rest of the start.
 * @param {{ databaseUrl: string, secret: string }} facts
 * @returns {Promise<string | null>} the example's snapshot, when it was made now
 */
export async function seed(facts) {
  const { KILN_ADMIN_PASSWORD } = process.env;
  const env = { ...programEnvironment(facts), ...(KILN_ADMIN_PASSWORD ? { KILN_ADMIN_PASSWORD } : {}) };
  const seeded = lastJsonLine(await runTypeScript("prisma/seed.ts", [], { env }));
  if (seeded.adminCreated) {
    print(`\n    First administrator   ${seeded.adminEmail}`);
    print(
      seeded.adminPassword
        ? `    Password              ${seeded.adminPassword}   (shown only this once)\n`
        : "    Password              the one in KILN_ADMIN_PASSWORD\n",
    );
  }
  return seeded.exampleSnapshotId;
}
