/**
 * `npm run logs -- SNAPSHOT [--follow]`: prints a snapshot's log. Of the Kiln that runs in this folder, or of any other
 * one with KILN_URL and KILN_TOKEN.
 */
import { spawn } from "node:child_process";
import { installDependencies } from "./setup/dependencies.mjs";
import { programEnvironment, readSecret } from "./setup/environment.mjs";
import { isAlive } from "./setup/identity.mjs";
import { readRuntime } from "./setup/instance.mjs";
import { dataDir, node, root } from "./setup/paths.mjs";
import { generateClient } from "./setup/prisma-client.mjs";
import { describeFailure, Refusal } from "./setup/refusal.mjs";

function environment() {
  if (process.env.KILN_URL && process.env.KILN_TOKEN) return process.env;
  const runtime = readRuntime(dataDir);
  if (!runtime?.databaseUrl || !runtime.port || !isAlive(runtime.self))
    throw new Refusal(
      "Kiln isn't running here. Start it with `npm start`, or set KILN_URL and KILN_TOKEN for another one.",
    );
  const env = programEnvironment({ databaseUrl: runtime.databaseUrl, secret: readSecret() });
  return { ...env, KILN_URL: `http://localhost:${runtime.port}` };
}

async function main() {
  await installDependencies(() => undefined);
  await generateClient();
  const args = ["--import", "tsx", "scripts/logs.ts", ...process.argv.slice(2)];
  const child = spawn(node, args, { cwd: root, env: environment(), stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}

main().catch((error) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(2);
});
