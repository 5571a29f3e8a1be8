/** Runs once in each web process, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { drainStreams } = await import("@/lib/web/sse.server");
  // Open event streams would hold the server's shutdown up; their readers come back to the next process.
  process.once("SIGTERM", drainStreams);
  process.once("SIGINT", drainStreams);
}
