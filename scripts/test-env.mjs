/**
 * `npm run test:env`: brings up what database and engine tests need and leaves it running, so that
 * `npx vitest --project database` works by itself; `npm run test:env -- --stop` ends it. The values are in
 * `.data/test/env.json`, where `vitest.config.ts` finds them, and are printed as lines for a shell.
 */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installDependencies } from "./setup/dependencies.mjs";
import { dataFolder } from "./setup/paths.mjs";
import { stopRunningPostgres } from "./setup/postgres.mjs";
import { generateClient } from "./setup/prisma-client.mjs";
import { describeFailure } from "./setup/refusal.mjs";
import { step } from "./setup/steps.mjs";
import { makeTemplate, startTestServer } from "./setup/test-database.mjs";

const file = path.join(dataFolder("test"), "env.json");

async function bringUp() {
  await step("Dependencies", installDependencies);
  await step("Database client", generateClient);
  const server = await step("Test database", (say) => startTestServer({ say }));
  const template = await step("Template", (say) => makeTemplate(server, say));
  /** @type {Record<string, string>} */
  const values = { KILN_TEST_DATABASE_URL: server.url("postgres"), KILN_TEST_TEMPLATE: template };
  writeFileSync(file, JSON.stringify(values, null, 2), { mode: 0o600 });
  for (const [name, value] of Object.entries(values)) console.log(`export ${name}='${value}'`);
}

async function takeDown() {
  rmSync(file, { force: true });
  await stopRunningPostgres(dataFolder("test", "postgres"));
}

try {
  await (process.argv.includes("--stop") ? takeDown() : bringUp());
  process.exit(0); // The server goes on without this process.
} catch (error) {
  console.error(describeFailure(error));
  process.exit(1);
}
