/**
 * `npm start`, and with --dev `npm run dev`: everything from a fresh clone to a served Kiln with a built example.
 * Runs on Node's own modules until the dependencies are there. What doesn't depend on each other runs side by side.
 */
import { provideBaseImage } from "./setup/base-image.mjs";
import { buildWeb } from "./setup/build.mjs";
import { watchCommands } from "./setup/commands.mjs";
import { installDependencies } from "./setup/dependencies.mjs";
import { provideEngine } from "./setup/engine.mjs";
import { programEnvironment, readPort, readSecret } from "./setup/environment.mjs";
import { followExample } from "./setup/example.mjs";
import { claimInstance } from "./setup/instance.mjs";
import { createLifecycle } from "./setup/lifecycle.mjs";
import { dataDir, logFile } from "./setup/paths.mjs";
import { isPortFree } from "./setup/ports.mjs";
import { generateClient } from "./setup/prisma-client.mjs";
import { describeFailure, Refusal } from "./setup/refusal.mjs";
import { elapsed, print, step } from "./setup/steps.mjs";
import { migrate, provideDatabase, seed } from "./setup/steps-of-start.mjs";
import { startWeb, startWorker } from "./setup/web-and-worker.mjs";

const dev = process.argv.includes("--dev");

/**
 * @param {import("./setup/lifecycle.mjs").Lifecycle} lifecycle
 * @param {number} port
 */
async function start(lifecycle, port) {
  const { callbacks, own } = lifecycle;
  const secret = readSecret();

  const engine = step("Container engine", async (say) => {
    const found = await provideEngine({ say, ...callbacks });
    await own(found.service);
    return found.dockerHost;
  });
  const baseImage = engine.then((dockerHost) =>
    step("Base image", (say) => provideBaseImage(dockerHost, say)),
  );
  const dependencies = step("Dependencies", installDependencies);
  const client = dependencies.then(() => step("Database client", generateClient));
  const database = dependencies.then(() => step("Database", (say) => provideDatabase(lifecycle, say)));
  const migrated = Promise.all([database, client]).then(([databaseUrl]) =>
    step("Migrations", () => migrate({ databaseUrl, secret })),
  );
  // Not before there is an engine: a start that can't go on leaves no half-made installation.
  const seeded = Promise.all([database, migrated, engine]).then(([databaseUrl]) =>
    step("First data", () => seed({ databaseUrl, secret })),
  );
  const built = dev ? client : client.then(() => step("Build", buildWeb));

  const worker = Promise.all([database, engine, baseImage, seeded]).then(
    ([databaseUrl, dockerHost, baseImage]) =>
      step("Worker", async () => {
        const env = programEnvironment({ databaseUrl, secret, baseImage });
        return own(
          await startWorker({
            env: { ...env, NEXTAUTH_URL: env.NEXTAUTH_URL || `http://localhost:${port}` },
            log: logFile("worker"),
            dev,
            databaseUrl,
            dockerHost,
            ...callbacks,
          }),
        );
      }),
  );
  const web = Promise.all([database, baseImage, seeded, built]).then(([databaseUrl, baseImage]) =>
    step("Web", async () => {
      const env = programEnvironment({ databaseUrl, secret, baseImage });
      return own(await startWeb({ env, log: logFile("web"), dev, port, ...callbacks }));
    }),
  );
  const example = Promise.all([database, engine, seeded, worker]).then(
    ([databaseUrl, dockerHost, snapshotId]) =>
      snapshotId
        ? followExample({ databaseUrl, dockerHost, snapshotId, isEnding: lifecycle.isEnding })
        : null,
  );
  void Promise.allSettled([example]); // Awaited after the rest, whose failure comes first.
  // The first failure ends everything, so the others' own failures that follow from that are of no interest.
  await Promise.all([engine, baseImage, database, client, migrated, seeded, built, worker, web]);
  return { databaseUrl: await database, dockerHost: await engine, example };
}

async function main() {
  const port = readPort();
  const instance = await claimInstance(dataDir, dev ? "npm run dev" : "npm start");
  const lifecycle = createLifecycle(instance);
  watchCommands((commands) => instance.update({ commands }));
  try {
    if (!(await isPortFree(port))) {
      throw new Refusal(
        `Port ${port} is taken: stop what listens there, or choose another one (PORT=${port + 1}).`,
      );
    }
    instance.update({ port });
    print(`Starting Kiln, data in ${dataDir}\n`);
    const { databaseUrl, dockerHost, example } = await start(lifecycle, port);
    if (lifecycle.isEnding()) return;
    instance.update({ databaseUrl, dockerHost });
    print(
      `\nKiln is ready at ${process.env.NEXTAUTH_URL || `http://localhost:${port}`} after ${elapsed()}. Ctrl-C stops it.`,
    );
    const outcome = await example;
    if (outcome && !lifecycle.isEnding()) print(outcome);
  } catch (error) {
    if (lifecycle.isEnding()) return; // Its consequence, not its cause.
    const at = error instanceof Error && "step" in error ? `${error.step}: ` : "";
    await lifecycle.end(1, `${at}${describeFailure(error)}`);
  }
}

main().catch((error) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
});
