/** Hands requests to previews on to a worker of the session's host. What is served there never reaches Next, nor Next's pages it. */
import { Agent, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { env } from "@/lib/env.server";
import { log } from "@/lib/log.server";
import { forward, forwardUpgrade, NotForwarded, type Way } from "./forward.server";
import { endToEnd, toGateway } from "./headers";
import { hostnameOf, isUnder, LOCAL_DOMAIN, type PreviewName, parseHost } from "./name";
import { answerOwn, refuseUpgrade } from "./own-answer.server";
import type { PageCode } from "./pages";
import { gatewayOf } from "./store.server";
import { readPass, readPreviewTicket } from "./ticket.server";
import { ENTER_PATH } from "./wire";

/** Longer than the worker's own: it says better what is wrong. */
const ANSWER_MS = 150_000;
const BELIEVED_MS = 5_000;
const MOST_KNOWN = 1_000;

export class PreviewRelay {
  private readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  private readonly open = new Set<Duplex>();
  private readonly gateways = new Map<string, { askedAt: number; gateway: Promise<string | null> }>();

  /** @returns false when it isn't for a preview's host. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const host = previewHost(request);
    if (host === null) return false;
    this.serve(request, response, host).catch((error: unknown) => {
      log.warn({ err: error }, "a preview could not be relayed");
      answerOwn(request, response, "no_worker");
    });
    return true;
  }

  /** The same for a WebSocket. */
  takeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const host = previewHost(request);
    if (host === null) return false;
    this.open.add(socket);
    socket.once("close", () => this.open.delete(socket));
    socket.on("error", (error) => log.debug({ err: error }, "a preview's browser has gone"));
    this.serveUpgrade(request, socket, head, host).catch((error: unknown) => {
      log.warn({ err: error }, "a preview could not be relayed");
      refuseUpgrade(socket, "no_worker");
    });
    return true;
  }

  /** Streams and WebSockets would hold the server's shutdown up; pages come back to the next process. */
  close(): void {
    for (const socket of this.open) socket.destroy();
    this.agent.destroy();
  }

  private async serve(request: IncomingMessage, response: ServerResponse, host: string): Promise<void> {
    const way = await this.wayFor(request, host);
    if (typeof way === "string") return answerOwn(request, response, way);
    const { socket } = response;
    if (socket) this.open.add(socket);
    try {
      await forward(request, response, way);
    } catch (error) {
      this.unreached(host, error);
      answerOwn(request, response, "no_worker");
    } finally {
      if (socket) this.open.delete(socket);
    }
  }

  private async serveUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    host: string,
  ): Promise<void> {
    const way = await this.wayFor(request, host);
    if (typeof way === "string") return refuseUpgrade(socket, way);
    try {
      await forwardUpgrade(request, socket, head, way);
    } catch (error) {
      this.unreached(host, error);
      refuseUpgrade(socket, "no_worker");
    }
  }

  /** Whoever shows nothing that was signed here asks nothing of the database, and reaches no worker. */
  private async wayFor(request: IncomingMessage, host: string): Promise<Way | PageCode> {
    const named = parseHost(host);
    const url = request.url ?? "";
    if (!named || !url.startsWith("/")) return "no_such_preview";
    const shown = url.startsWith(`${ENTER_PATH}?`)
      ? readPreviewTicket(new URL(url, "http://preview").searchParams.get("ticket") ?? "", named.name)
      : readPass(request.headers.cookie, named.name);
    if (!shown) return url.startsWith(`${ENTER_PATH}?`) ? "ticket_refused" : "not_signed_in";
    const gateway = await this.gatewayFor(named.name);
    if (gateway === null) return "no_worker";
    const to = new URL(`http://${gateway}`);
    const browser = { host, secure: shown.secure, address: request.socket.remoteAddress ?? "" };
    return {
      to: { host: to.hostname.replace(/^\[|\]$/g, ""), port: Number(to.port) },
      agent: this.agent,
      headers: toGateway(request.headersDistinct, browser),
      answerHeaders: endToEnd,
      answerMs: ANSWER_MS,
    };
  }

  /** The next request asks which worker there is now. @throws what is something else */
  private unreached(host: string, error: unknown): void {
    if (!(error instanceof NotForwarded)) throw error;
    log.warn({ err: error }, "a preview's worker can't be reached");
    const session = parseHost(host)?.name.session;
    if (session !== undefined) this.gateways.delete(session);
  }

  private gatewayFor({ session }: PreviewName): Promise<string | null> {
    const now = performance.now();
    const found = this.gateways.get(session);
    if (found && now - found.askedAt < BELIEVED_MS) return found.gateway;
    const gateway = gatewayOf(session);
    this.gateways.delete(session);
    this.gateways.set(session, { askedAt: now, gateway });
    gateway.catch(() => this.gateways.delete(session));
    for (const oldest of this.gateways.keys()) {
      if (this.gateways.size <= MOST_KNOWN) break;
      this.gateways.delete(oldest);
    }
    return gateway;
  }
}

/**
 * The host as the browser names it, when it is one for previews; null otherwise. A proxy in front may have said another one,
 * so either counts: what is meant for a preview is never served by the dashboard.
 */
function previewHost({ headers }: IncomingMessage): string | null {
  const domain = hostnameOf(env().KILN_PREVIEW_DOMAIN);
  const domains = domain ? [LOCAL_DOMAIN, domain] : [LOCAL_DOMAIN];
  const forwarded = headers["x-forwarded-host"];
  for (const host of [headers.host, typeof forwarded === "string" ? forwarded : undefined])
    if (host !== undefined && isUnder(host, domains)) return host;
  return null;
}
