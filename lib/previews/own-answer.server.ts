/** Answers a request to a preview's host with a page of Kiln's own. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { parseHost } from "./name";
import { linkFor, ownPage, type PageCode } from "./pages";

const wantsHtml = ({ headers }: IncomingMessage) => (headers.accept ?? "").includes("text/html");

/** Nothing, when an answer has begun: breaking that off is all that can be said. @param detail said before the page's own words */
export function answerOwn(
  request: IncomingMessage,
  response: ServerResponse,
  code: PageCode,
  detail = "",
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const name = parseHost(request.headers.host)?.name ?? null;
  const link = linkFor(code, name, env().NEXTAUTH_URL);
  const { status, headers, body } = ownPage(code, wantsHtml(request), { detail, link });
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** The same for what would become another protocol. */
export function refuseUpgrade(socket: Duplex, code: PageCode, detail = ""): void {
  socket.on("error", (error) => log.debug({ err: error }, "a preview's browser has gone"));
  const { status, headers, body } = ownPage(code, false, { detail });
  const lines = Object.entries({
    ...headers,
    connection: "close",
    "content-length": Buffer.byteLength(body),
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${head}\r\n${body}`);
}
