/** Brings the database of `DATABASE_URL` up to date: the tables first, then the queue's own schema. */
import path from "node:path";
import { migrateQueues } from "@/lib/jobs/boss.server";
import { applyMigrations } from "./apply-migrations";

const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) throw new Error("DATABASE_URL is not set.");

const applied = await applyMigrations(databaseUrl, path.join(import.meta.dirname, "..", "prisma"));
await migrateQueues();
console.log(JSON.stringify({ applied }));
// The engine's lock time-out would keep the process for another ten seconds.
process.exit(0);
