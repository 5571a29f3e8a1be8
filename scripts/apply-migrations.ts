/**
 * Applies `prisma/migrations` with Prisma's own schema engine compiled to WebAssembly, so that no engine binary
 * has to be downloaded. It writes `_prisma_migrations` like the Prisma CLI does: either can follow the other.
 */
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type * as SchemaEngineModule from "@prisma/schema-engine-wasm/schema_engine_bg";

type WasmModule = typeof SchemaEngineModule & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

/** The package's entry imports `.wasm` as a module, which Node doesn't do without a flag: instantiate it by hand. */
async function loadEngine(): Promise<WasmModule> {
  const glue = "@prisma/schema-engine-wasm/schema_engine_bg";
  const module = (await import(glue)) as WasmModule;
  const file = fileURLToPath(import.meta.resolve(glue)).replace(/\.js$/, ".wasm");
  const imports = { "./schema_engine_bg.js": module as unknown as WebAssembly.ModuleImports };
  const { instance } = await WebAssembly.instantiate(readFileSync(file), imports);
  module.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return module;
}

/**
 * The adapter cuts a script at every semicolon, also inside comments and function bodies. Sent as it is, the server
 * cuts it, and runs it as one transaction: a migration that fails leaves nothing.
 */
class WholeScripts extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    const pool = adapter.underlyingDriver();
    adapter.executeScript = async (script) => {
      await pool.query(script);
    };
    return adapter;
  }
}

async function readMigrations(baseDir: string): Promise<SchemaEngineModule.MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir,
    shadowDbInitScript: "",
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(path.join(baseDir, "migration_lock.toml"), "utf8"),
    },
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: "migration.sql",
          content: {
            tag: "ok" as const,
            value: await readFile(path.join(baseDir, name, "migration.sql"), "utf8"),
          },
        },
      })),
    ),
  };
}

/**
 * Applies the migrations that the database doesn't have yet.
 * @returns the names of those applied; none when it was up to date.
 */
export async function applyMigrations(databaseUrl: string, prismaDir: string): Promise<string[]> {
  const { SchemaEngine } = await loadEngine();
  const schemaPath = path.join(prismaDir, "schema.prisma");
  const engine = await SchemaEngine.new(
    { datamodels: [[schemaPath, await readFile(schemaPath, "utf8")]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(new WholeScripts({ connectionString: databaseUrl })),
  );
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: await readMigrations(path.join(prismaDir, "migrations")),
      filters: { externalTables: [], externalEnums: [] },
    });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}
