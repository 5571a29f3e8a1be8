/** The process's own log: JSON lines on standard output. A build's log is product data and never goes here. */
import pino from "pino";

export const log = pino({
  level: process.env.KILN_LOG_LEVEL ?? "info",
  base: { pid: process.pid },
  serializers: { err: withoutClient },
});

/** The driver hangs its whole client on the error of a connection that was lost: 30 KB a line that say nothing. */
export function withoutClient(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const said = pino.stdSerializers.err(error);
  return "client" in said ? { ...said, client: undefined } : said;
}
