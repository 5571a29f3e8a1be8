/**
 * `npm run bench:NAME`: runs one benchmark of scripts/bench/ against the Kiln that runs in this folder. Each
 * pairs Kiln with the plain tool in one run and prints medians: machines are noisy, single times say little.
 */
import { spawn } from "node:child_process";
import { programEnvironment, readSecret } from "./setup/environment.mjs";
import { isAlive } from "./setup/identity.mjs";
import { readRuntime } from "./setup/instance.mjs";
import { dataDir, node, root } from "./setup/paths.mjs";

const [name = "", ...rest] = process.argv.slice(2);
const runtime = readRuntime(dataDir);
if (!runtime?.databaseUrl || !runtime.port || !isAlive(runtime.self)) {
  process.stderr.write(
    "No Kiln runs in this folder: start one with `npm start`, then measure it from another terminal.\n",
  );
  process.exit(1);
}
const env = {
  ...programEnvironment({ databaseUrl: runtime.databaseUrl, secret: readSecret() }),
  KILN_URL: `http://localhost:${runtime.port}`,
  ...(runtime.dockerHost ? { DOCKER_HOST: runtime.dockerHost } : {}),
};
// Of the same process group: Ctrl-C reaches the benchmark, which then cleans up after itself.
const child = spawn(node, ["--import", "tsx", `scripts/bench/${name}.ts`, ...rest], {
  cwd: root,
  env,
  stdio: "inherit",
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
  process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
