import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./commands.mjs";
import { hashContent } from "./content-hash.mjs";
import { modules, node, root } from "./paths.mjs";

/**
 * Generates the database client from the schema, unless the one that is there is of this schema.
 * @param {(what: string) => void} [say]
 */
export async function generateClient(say) {
  const stamp = path.join(modules, ".prisma-client-hash");
  const hash = hashContent(["prisma/schema.prisma", "prisma.config.ts", "node_modules/prisma/package.json"]);
  const made = existsSync(path.join(root, "lib/db/generated/client.ts"));
  if (made && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  say?.("generating the database client");
  await run(node, [path.join(modules, "prisma/build/index.js"), "generate"], {
    deadlineMs: 120_000,
    // The client needs no engine, but the command insists on one that it could download: any executable will do.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1" },
  });
  writeFileSync(stamp, hash);
}
