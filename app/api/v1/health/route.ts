import { readHealth } from "@/lib/hosts/store.server";
import { log } from "@/lib/log.server";

export const dynamic = "force-dynamic";

/** The only call without a token: whether this process, its database and its workers are there. */
export async function GET(): Promise<Response> {
  const health = await readHealth((error) =>
    log.warn({ err: error }, "the health check can't reach the database"),
  );
  return Response.json(health, {
    status: health.database === "ok" ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}
