/**
 * `npm run token -- --name NAME --role ROLE`: makes an API token and prints it as its last line. Uses the database
 * that runs; where none does, starts the embedded one for the moment.
 */
import { CommandFailed, watchCommands } from "./setup/commands.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { programEnvironment, readSecret } from "./setup/environment.mjs";
import { isAlive } from "./setup/identity.mjs";
import { claimInstance, readRuntime } from "./setup/instance.mjs";
import { createLifecycle } from "./setup/lifecycle.mjs";
import { dataDir } from "./setup/paths.mjs";
import { generateClient } from "./setup/prisma-client.mjs";
import { describeFailure } from "./setup/refusal.mjs";
import { migrate, provideDatabase } from "./setup/steps-of-start.mjs";
import { runTypeScript } from "./setup/typescript.mjs";

/** @param {string} databaseUrl */
async function makeToken(databaseUrl) {
  const env = programEnvironment({ databaseUrl, secret: readSecret() });
  process.stdout.write(await runTypeScript("scripts/token.ts", process.argv.slice(2), { env }));
}

/** @param {unknown} error the usage, which the program printed itself, needs no more words */
function explain(error) {
  return error instanceof CommandFailed ? error.output.trim() : describeFailure(error);
}

async function main() {
  await installDependencies(() => undefined);
  await generateClient();
  const runtime = readRuntime(dataDir);
  const running = runtime && isAlive(runtime.self) ? runtime.databaseUrl : undefined;
  const known = process.env.DATABASE_URL || running;
  if (known) return makeToken(known);

  const instance = await claimInstance(dataDir, "npm run token");
  const lifecycle = createLifecycle(instance, { quiet: true });
  watchCommands((commands) => instance.update({ commands }));
  try {
    const databaseUrl = await provideDatabase(lifecycle, () => undefined);
    await migrate({ databaseUrl, secret: readSecret() });
    await makeToken(databaseUrl);
  } catch (error) {
    await lifecycle.end(1, explain(error));
  }
  await lifecycle.end(0);
}

main().catch((error) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
