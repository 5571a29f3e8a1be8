/**
 * `npm run sweep [-- --dry-run]`: removes what no snapshot, session or build needs, or shows what that would be. The
 * workers of the Kiln that runs do it.
 */
import { CommandFailed } from "./setup/commands.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { programEnvironment, readSecret } from "./setup/environment.mjs";
import { isAlive } from "./setup/identity.mjs";
import { readRuntime } from "./setup/instance.mjs";
import { dataDir } from "./setup/paths.mjs";
import { generateClient } from "./setup/prisma-client.mjs";
import { describeFailure, Refusal } from "./setup/refusal.mjs";
import { runTypeScript } from "./setup/typescript.mjs";

async function main() {
  await installDependencies(() => undefined);
  await generateClient();
  const runtime = readRuntime(dataDir);
  const running = runtime && isAlive(runtime.self) ? runtime.databaseUrl : undefined;
  const databaseUrl = process.env.DATABASE_URL || running;
  if (!databaseUrl) throw new Refusal("Kiln isn't running here. Start it with `npm start`, then sweep.");
  const env = programEnvironment({ databaseUrl, secret: readSecret() });
  process.stdout.write(await runTypeScript("scripts/sweep.ts", process.argv.slice(2), { env }));
}

main().catch((error) => {
  process.stderr.write(`${error instanceof CommandFailed ? error.output.trim() : describeFailure(error)}\n`);
  process.exit(1);
});
