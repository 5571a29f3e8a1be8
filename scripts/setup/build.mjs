import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./commands.mjs";
import { hashContent } from "./content-hash.mjs";
import { logFile, modules, node, root } from "./paths.mjs";

const sources = [
  ...["app", "components", "lib", "public", "prisma/schema.prisma", "package-lock.json", "tsconfig.json"],
  ...["next.config.ts", "postcss.config.mjs", "proxy.ts", "instrumentation.ts", "instrumentation-client.ts"],
];

/**
 * The production build, unless the one that is there was made of these very sources.
 * @param {(what: string) => void} say
 */
export async function buildWeb(say) {
  const stamp = path.join(root, ".next", "kiln-sources");
  const isSource = (/** @type {string} */ file) =>
    !/\.test\.tsx?$/.test(file) && !file.startsWith("lib/db/generated");
  const hash = hashContent(sources, isSource);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  say("building the web application (next build)");
  await run(node, [path.join(modules, "next/dist/bin/next"), "build"], {
    log: logFile("build"),
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
  });
  writeFileSync(stamp, hash);
}
