/** Hands one request on, and its answer back, as they come: from the web to a worker, and from there into a session. */

import { once } from "node:events";
import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  request as newRequest,
  type RequestOptions,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import { log } from "@/lib/log.server";
import type { Passed } from "./headers";

/** How the other side is reached. */
export interface Way {
  /** Of the connection: an address, or what opens one. */
  to: Pick<RequestOptions, "host" | "port" | "createConnection">;
  /** Connections that are kept for requests that may be sent twice. */
  agent: Agent | null;
  headers: Passed;
  answerHeaders: (given: IncomingMessage["headersDistinct"]) => Passed;
  /** Until its answer begins; from then on it may take as long as it likes. */
  answerMs: number;
}

/** Nothing came of it: the request's answer hasn't begun. */
export class NotForwarded extends Error {
  override readonly name = "NotForwarded";
  constructor(
    readonly reason: "no_answer" | "failed",
    cause?: unknown,
  ) {
    super("A preview’s request could not be handed on.", { cause });
  }
}

/** A safe method without a body can be sent once more. */
const isRepeatable = ({ method, headers }: IncomingMessage) =>
  (method === "GET" || method === "HEAD") &&
  headers["content-length"] === undefined &&
  headers["transfer-encoding"] === undefined;

/**
 * Resolves when the answer is over, however it ended.
 * @throws NotForwarded when none has begun; nothing was written then.
 */
export async function forward(request: IncomingMessage, response: ServerResponse, way: Way): Promise<void> {
  const repeatable = isRepeatable(request);
  const kept = repeatable ? way.agent : null;
  try {
    await attempt(request, response, way, kept);
  } catch (error) {
    // A connection that was kept may be closed by the other side in the very moment in which it is used again.
    if (!(error instanceof StaleConnection)) throw error;
    await attempt(request, response, way, null);
  } finally {
    // What nobody wants of it any more is read all the same, so that the connection can be used for the next one.
    request.unpipe();
    request.resume();
  }
}

class StaleConnection extends Error {}

async function attempt(
  request: IncomingMessage,
  response: ServerResponse,
  way: Way,
  agent: Agent | null,
): Promise<void> {
  if (response.destroyed) return;
  // Whoever is told that the connection is closed may close it while it is still being sent to, and the answer is lost by that.
  const headers = { ...way.headers, ...framingOf(request), ...(agent ? {} : { connection: "keep-alive" }) };
  const outgoing = newRequest(optionsOf(request, { ...way, headers }, agent));
  // Whoever asked has left.
  const leave = () => outgoing.destroy();
  response.once("close", leave);
  try {
    const answer = await answerOf(outgoing, way.answerMs, () => {
      if (isRepeatable(request)) outgoing.end();
      // Not a pipeline: an answer may come before all of the question was heard, and has to get back.
      else request.pipe(outgoing);
    });
    if (answer.upgraded) answer.socket.destroy();
    const incoming = answer.message;
    response.writeHead(finalStatusOf(incoming), way.answerHeaders(incoming.headersDistinct));
    // A stream whose first word is far away has begun all the same.
    response.flushHeaders();
    await pipeline(incoming, response);
  } catch (error) {
    if (error instanceof NotForwarded || error instanceof StaleConnection) throw error;
    if (!response.headersSent) throw new NotForwarded("failed", error);
    log.debug({ err: error }, "a preview's answer was broken off");
    response.destroy();
  } finally {
    response.off("close", leave);
    outgoing.destroy();
    if (!agent) outgoing.socket?.destroy();
  }
}

/**
 * The same for a request to speak another protocol from then on. The browser's side is `socket`, with `head` already read of it.
 * Resolves when both have ended.
 * @throws NotForwarded when no answer has begun.
 */
export async function forwardUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  way: Way & { onData?: () => void },
): Promise<void> {
  if (socket.destroyed) return;
  const { "content-length": _, ...passedOn } = way.headers;
  const headers = { ...passedOn, connection: "Upgrade", upgrade: request.headers.upgrade ?? "websocket" };
  const outgoing = newRequest(optionsOf(request, { ...way, headers }, null));
  const leave = () => outgoing.destroy();
  socket.once("close", leave);
  try {
    const answer = await answerOf(outgoing, way.answerMs, () => outgoing.end());
    const { message } = answer;
    const passed = way.answerHeaders(message.headersDistinct);
    if (!answer.upgraded) {
      socket.write(headOf(finalStatusOf(message), { ...passed, connection: "close" }));
      await pipeline(message, socket);
      return;
    }
    const other = answer.socket;
    other.on("error", (error) => log.debug({ err: error }, "a preview's connection broke"));
    const over = once(other, "close");
    if (socket.destroyed) other.destroy();
    else {
      socket.once("close", () => other.destroy());
      socket.write(headOf(101, { ...passed, connection: "Upgrade", upgrade: "websocket" }));
      if (answer.head.length > 0) socket.write(answer.head);
      if (head.length > 0) other.write(head);
      if (way.onData) socket.on("data", way.onData);
      // Each at the other's pace.
      socket.pipe(other).pipe(socket);
    }
    await over;
  } catch (error) {
    if (error instanceof NotForwarded) throw error;
    log.debug({ err: error }, "a preview's connection was broken off");
  } finally {
    socket.off("close", leave);
    outgoing.destroy();
  }
  socket.destroy();
}

/**
 * Where its body ends, as it came. Left to itself Node writes that of a GET or a DELETE behind the headers without a word on it,
 * where it would be read as the next request; and a `Connection` that names the length would have it taken out.
 */
function framingOf({ headers }: IncomingMessage): Passed {
  if (headers["transfer-encoding"] !== undefined) return { "transfer-encoding": "chunked" };
  const length = headers["content-length"];
  return length === undefined ? {} : { "content-length": length };
}

/** @throws NotForwarded for one that isn't an answer's: whoever was told of a 101 would wait for more. */
function finalStatusOf({ statusCode = 0 }: IncomingMessage): number {
  if (statusCode < 200) throw new NotForwarded("failed");
  return statusCode;
}

function optionsOf({ method, url }: IncomingMessage, way: Way, agent: Agent | null): RequestOptions {
  return {
    ...way.to,
    method: method ?? "GET",
    path: url ?? "/",
    headers: way.headers,
    setHost: false,
    ...(agent ? { agent } : way.to.createConnection ? {} : { agent: false }),
  };
}

type Answer =
  | { upgraded: false; message: IncomingMessage }
  | { upgraded: true; message: IncomingMessage; socket: Duplex; head: Buffer };

/** The beginning of the answer. */
function answerOf(outgoing: ClientRequest, milliseconds: number, send: () => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NotForwarded("no_answer"));
      outgoing.destroy();
    }, milliseconds);
    const over = () => clearTimeout(timer);
    outgoing.once("response", (message) => {
      over();
      resolve({ upgraded: false, message });
    });
    outgoing.once("upgrade", (message, socket, head) => {
      over();
      resolve({ upgraded: true, message, socket, head });
    });
    // It comes again for what breaks later, which is heard where the answer is read.
    outgoing.on("error", (error) => {
      over();
      reject(
        outgoing.reusedSocket ? new StaleConnection("", { cause: error }) : new NotForwarded("failed", error),
      );
    });
    outgoing.once("close", () => {
      over();
      reject(new NotForwarded("failed"));
    });
    send();
  });
}

function headOf(status: number, headers: Passed): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}\r\n`),
  );
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}
