/** The one Prisma client of a process, made at its first use. */
import { PrismaPg } from "@prisma/adapter-pg";
import { env } from "@/lib/env.server";
import { Prisma, PrismaClient } from "./generated/client";

export { Prisma };
/** A client or a transaction: what stores take when they are to be part of a caller's transaction. */
export type Tx = Prisma.TransactionClient;

// Next reloads modules in development; the client must outlive that, or connections pile up.
const kept = globalThis as typeof globalThis & { kilnDatabase?: PrismaClient };

export function db(): PrismaClient {
  kept.kilnDatabase ??= new PrismaClient({
    adapter: new PrismaPg({
      connectionString: env().DATABASE_URL,
      max: 20,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
    }),
    transactionOptions: { maxWait: 5_000, timeout: 10_000 },
  });
  return kept.kilnDatabase;
}

export async function closeDatabase(): Promise<void> {
  const client = kept.kilnDatabase;
  delete kept.kilnDatabase;
  await client?.$disconnect();
}
