/**
 * `npm run bench:NAME`: runs one benchmark of scripts/bench/ against the Kiln that runs in this folder. Each
 * pairs Kiln with the plain tool in one run and prints medians: machines are noisy, single times say little.
 */
import { programEnvironment, readSecret } from "./setup/environment.mjs";
import { isAlive } from "./setup/identity.mjs";
import { readRuntime } from "./setup/instance.mjs";
import { dataDir } from "./setup/paths.mjs";
import { runTypeScript } from "./setup/typescript.mjs";

const [name = ""] = process.argv.slice(2);
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
const output = await runTypeScript(`scripts/bench/${name}.ts`, [], { env, deadlineMs: 900_000 });
process.stdout.write(output);
