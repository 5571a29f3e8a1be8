/**
 * A server whose requests may take as long as they need: a large upload over a slow line is none the worse for that. Node's own
 * limit is a time for the whole request; here a body ends the connection when nothing of it comes for a while. Headers are given no
 * more time than before.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from "node:http";
import { log } from "@/lib/log.server";

export interface Patience {
  /** For all of a request's headers. */
  headersMs: number;
  /** Between two pieces of a request's body. */
  silentMs: number;
}

const USUAL: Patience = { headersMs: 60_000, silentMs: 60_000 };
const LOOKS = 4;

export function createPatientServer(
  listener: RequestListener,
  options: ServerOptions = {},
  { headersMs, silentMs }: Patience = USUAL,
): Server {
  const server = createServer(
    {
      ...options,
      requestTimeout: 0,
      headersTimeout: headersMs,
      connectionsCheckingInterval: Math.min(30_000, headersMs),
    },
    listener,
  );
  return server.on("request", (request: IncomingMessage) => {
    if (hasBody(request)) endWhenSilent(request, silentMs);
  });
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/** Looks at the connection and not at the body, which is somebody else's to read. */
function endWhenSilent(request: IncomingMessage, silentMs: number): void {
  const { socket } = request;
  let bytes = socket.bytesRead;
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (request.complete) return clearInterval(timer);
    // What has come and isn't read yet is no fault of the sender's: it may be waiting to send more.
    if (socket.bytesRead !== bytes || request.readableLength > 0) {
      bytes = socket.bytesRead;
      heardAt = performance.now();
    } else if (performance.now() - heardAt >= silentMs) {
      log.info({ silentMs }, "a request's body stopped coming");
      socket.destroy();
    }
  }, silentMs / LOOKS);
  timer.unref();
  request.once("close", () => clearInterval(timer));
}
