import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/setup/test-order.mjs";

/** What `npm run test:env` brought up, so that `npx vitest` works without exporting anything. */
function testEnvironment(): Record<string, string> {
  const file = path.join(import.meta.dirname, ".data/test/env.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
}

/** At a time, also where there are only two cores: Vitest would leave one of them to nobody. */
const files = Math.max(2, availableParallelism() - 1);

const ignored = ["**/node_modules/**", "**/.next/**", "**/.data/**", "e2e/**"];

function project(name: string, include: string[], exclude: string[], options: object = {}) {
  return {
    extends: true as const,
    test: { name, include, exclude: [...ignored, ...exclude], ...options },
  };
}

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    environment: "node",
    sequence: { sequencer: LongestFirst },
    // Prisma sends the parts of one read over one connection at once, which the driver calls deprecated.
    execArgv: ["--disable-warning=DeprecationWarning"],
    // The shell's variables win over the file's.
    env: { NODE_ENV: "test", KILN_LOG_LEVEL: "silent", ...testEnvironment(), ...definedOnly(process.env) },
    projects: [
      project("pure", ["**/*.test.{ts,tsx}"], ["**/*.{db,engine}.test.ts"], {
        testTimeout: 10_000,
        maxWorkers: files,
      }),
      // Half of their time is the database's.
      project("database", ["**/*.db.test.ts"], [], {
        testTimeout: 30_000,
        hookTimeout: 30_000,
        maxWorkers: files,
      }),
      // Three files at a time, also on two cores: a third of a test is waiting, and each has an installation of its own.
      project("engine", ["**/*.engine.test.ts"], [], {
        testTimeout: 120_000,
        hookTimeout: 60_000,
        maxWorkers: 3,
        globalSetup: "worker/testing/bundle.ts",
        setupFiles: "worker/testing/lost-worker-ends-its-file.ts",
      }),
    ],
  },
});

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ["KILN_LOG_LEVEL", "KILN_TEST_DATABASE_URL", "KILN_TEST_TEMPLATE", "DOCKER_HOST"];
  const more = ["KILN_TEST_BUSYBOX_IMAGE", "KILN_TEST_BASE_IMAGE"];
  return Object.fromEntries([...names, ...more].flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
