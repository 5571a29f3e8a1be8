/** Whether a statement got no answer, as opposed to a refusal: the database restarts, is away, or the line to it broke. */
import { z } from "zod";
import { Prisma } from "./generated/client";

/** Connection, serialization and deadlock, resources, shut-down, system: the classes of SQLSTATE that pass. */
const PASSING = /^(08|40|53|57|58)/;
/** Not reachable, timed out, closed, no connection free, transaction expired, write conflict. */
const PASSING_CODES = ["P1001", "P1002", "P1008", "P1011", "P1017", "P2024", "P2028", "P2034"];
/** The same, as Prisma's driver names what it found on the socket; without any code of the server. */
const PASSING_KINDS = [
  "ConnectionClosed",
  "DatabaseNotReachable",
  "SocketTimeout",
  "TlsConnectionError",
  "TooManyConnections",
  "TransactionAlreadyClosed",
  "TransactionWriteConflict",
];
const SOCKET_CODES = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"];
/** The driver's own words, of what doesn't go through Prisma. */
const DRIVERS_WORDS = /^(Connection terminated|timeout exceeded when trying to connect|Client has)/;

/** What the server said, as the driver tells it. */
const answer = z.object({ code: z.string(), severity: z.string() });
const socket = z.object({ code: z.enum(SOCKET_CODES) });
const driversCause = z.object({ cause: z.union([answer, z.object({ kind: z.string() })]) });
const wrapped = z.object({ driverAdapterError: driversCause });

export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const meta = wrapped.safeParse(error.meta);
    return (meta.success && passes(meta.data.driverAdapterError.cause)) || PASSING_CODES.includes(error.code);
  }
  if (
    error instanceof Prisma.PrismaClientUnknownRequestError ||
    error instanceof Prisma.PrismaClientInitializationError
  )
    return true;
  if (!(error instanceof Error)) return false;
  const said = answer.safeParse(error);
  if (said.success) return passes(said.data);
  const driver = driversCause.safeParse(error);
  if (driver.success) return passes(driver.data.cause);
  return socket.safeParse(error).success || DRIVERS_WORDS.test(error.message);
}

function passes(cause: z.infer<typeof driversCause>["cause"]): boolean {
  if ("kind" in cause) return PASSING_KINDS.includes(cause.kind);
  return cause.severity !== "ERROR" || PASSING.test(cause.code);
}
