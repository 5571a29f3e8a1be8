/** The one Prisma client of a process, made at its first use. */
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { askForTime } from "./clock.server";
import { Prisma, PrismaClient } from "./generated/client";

export { Prisma };
/** A client or a transaction: what stores take when they are to be part of a caller's transaction. */
export type Tx = Prisma.TransactionClient;

// Next reloads modules in development; the client must outlive that, or connections pile up.
const kept = globalThis as typeof globalThis & { kilnDatabase?: PrismaClient; kilnPool?: Pool };

/** The connections that the client uses. For what it is slow at: it makes text of bytes, on both ways. */
export function pool(): Pool {
  kept.kilnPool ??= open();
  return kept.kilnPool;
}

function open(): Pool {
  const connections = new Pool({
    connectionString: env().DATABASE_URL,
    max: 20,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
  });
  // Without a listener it would end the process; the pool has thrown the connection away already.
  connections.on("error", (error) => log.debug({ err: error }, "a connection that nobody used was lost"));
  // A connection that is handed out has no listener until whoever asked goes on, a microtask later; when the server
  // says "ready" and "terminated" in one piece, the second comes first, and an unheard error ends the process.
  connections.on("connect", (client) => {
    client.on("error", (error) => log.debug({ err: error }, "a connection was lost"));
    // Before whatever it was opened for.
    askForTime(client).catch((error: unknown) => log.debug({ err: error }, "nobody said what time it is"));
  });
  return connections;
}

export function db(): PrismaClient {
  kept.kilnDatabase ??= new PrismaClient({
    adapter: new PrismaPg(pool()),
    transactionOptions: { maxWait: 5_000, timeout: 10_000 },
  });
  return kept.kilnDatabase;
}

export async function closeDatabase(): Promise<void> {
  const { kilnDatabase: client, kilnPool: connections } = kept;
  delete kept.kilnDatabase;
  delete kept.kilnPool;
  await client?.$disconnect();
  await connections?.end();
}
