/** Runs once in each web process, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { drainStreamsOnShutdown } = await import("@/lib/web/streams.server");
  drainStreamsOnShutdown();
}
