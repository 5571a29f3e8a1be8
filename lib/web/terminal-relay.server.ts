/** Hands the WebSockets of terminals on to the worker that their ticket names. What is said over them isn't looked at. */
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { readTicket } from "@/lib/terminals/ticket.server";
import { TICKET_PREFIX, terminalPath } from "@/lib/terminals/wire";
import { isOwnOrigin } from "./own-origin";

const PLACE = /^\/api\/v1(\/(?:sessions|snapshots)\/[0-9a-f-]{36})\/terminal(?:\?|$)/;
const CONNECT_MS = 5_000;
/** What a worker has to know of the request; nobody's cookie goes there. */
const PASSED = ["sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol"];

export class TerminalRelay {
  private readonly open = new Set<Duplex>();
  private closing = false;

  /** @returns false when it is no terminal's request. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const place = PLACE.exec(request.url ?? "")?.[1];
    if (place === undefined) return false;
    const gateway = this.gatewayOf(request, place);
    if (gateway === null) refuse(socket, "403 Forbidden");
    else this.relay(request, socket, head, gateway);
    return true;
  }

  /** Those that are open end; their browsers come back to the next process. */
  close(): void {
    this.closing = true;
    for (const socket of this.open) socket.destroy();
  }

  private gatewayOf({ headers }: IncomingMessage, place: string): URL | null {
    if (this.closing || !isOwnOrigin(headers, env().NEXTAUTH_URL)) return null;
    const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim());
    const ticket = offered.find((each) => each.startsWith(TICKET_PREFIX));
    const claim = ticket === undefined ? null : readTicket(ticket.slice(TICKET_PREFIX.length));
    return claim && terminalPath(claim.whose) === place ? new URL(`http://${claim.gateway}`) : null;
  }

  private relay(request: IncomingMessage, browser: Duplex, head: Buffer, gateway: URL): void {
    const host = gateway.hostname.replace(/^\[|\]$/g, "");
    const worker: Socket = connect({ host, port: Number(gateway.port), noDelay: true });
    const timer = setTimeout(() => worker.destroy(new Error("It didn't answer in time.")), CONNECT_MS);
    this.open.add(browser);
    let connected = false;
    worker.once("connect", () => {
      connected = true;
      clearTimeout(timer);
      worker.write(requestOf(request, gateway));
      if (head.length > 0) worker.write(head);
      // Each at the other's pace.
      worker.pipe(browser).pipe(worker);
    });
    worker.once("error", (error) => {
      log.warn({ err: error, gateway: gateway.host }, "a terminal's worker can't be reached");
      if (!connected) refuse(browser, "502 Bad Gateway");
    });
    worker.once("close", () => {
      clearTimeout(timer);
      if (connected) browser.destroy();
    });
    browser.once("error", (error) => log.debug({ err: error }, "a terminal's browser has gone"));
    browser.once("close", () => {
      this.open.delete(browser);
      worker.destroy();
    });
  }
}

function requestOf({ headers }: IncomingMessage, gateway: URL): string {
  const passed = PASSED.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${headers[name]}`]));
  const lines = [
    "GET / HTTP/1.1",
    `Host: ${gateway.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    ...passed,
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", (error) => log.debug({ err: error }, "a terminal's browser has gone"));
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
