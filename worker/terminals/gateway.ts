/**
 * Where this worker takes terminals, previews and what is asked of its engine: a port of its own, which is reached through the
 * web's. A ticket opens each; whoever has none is told nothing.
 */
import type { IncomingMessage, Server } from "node:http";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import { insist } from "@/lib/db/insist.server";
import { env } from "@/lib/env.server";
import { hub } from "@/lib/events/hub.server";
import { setGateway } from "@/lib/hosts/store.server";
import { log } from "@/lib/log.server";
import { createPatientServer } from "@/lib/requests/patient.server";
import { readTicket, type TicketClaim } from "@/lib/terminals/ticket.server";
import { PROTOCOL, TICKET_PREFIX } from "@/lib/terminals/wire";
import type { Engine } from "@/worker/containers/types";
import type { WorkerIdentity } from "@/worker/identity";
import { Previews } from "@/worker/previews/previews";
import { Refusal } from "@/worker/runtime";
import { Answers } from "@/worker/sandboxes/answers";
import { serveViewer } from "./serve-viewer";
import { Shells } from "./shells";

const CHECK_MS = 15_000;
const END_MS = 8_000;
/** Beyond what one message of a browser may have. */
const MAX_MESSAGE_BYTES = 64 * 1024;

export interface Gateway {
  /** Takes none any more, says why to whoever is there, and ends the shells. */
  close(): Promise<void>;
}

/** Listens, and writes down where. @throws Refusal when the port isn't to be had. */
export async function openGateway(worker: WorkerIdentity, engine: Engine): Promise<Gateway> {
  const shells = new Shells(worker.id, engine);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  const previews = new Previews(engine);
  const answers = new Answers(worker.id, engine);
  const server = createPatientServer((request, response) => {
    if (!previews.take(request, response) && !answers.take(request, response)) response.writeHead(426).end();
  });
  server.on("upgrade", (request, socket, head) => {
    if (previews.takeUpgrade(request, socket, head)) return;
    const claim = ticketOf(request);
    socket.on("error", (error) => log.debug({ err: error }, "a terminal's connection broke"));
    if (claim?.worker !== worker.id) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => serve(accepted, claim, shells));
  });
  const address = await listen(server);
  await insist(() => setGateway(worker.id, address));
  log.info({ gateway: address }, "terminals are taken");
  const stopChecks = keepChecking(shells, previews);
  return {
    close: async () => {
      stopChecks();
      server.close();
      previews.close();
      answers.close();
      const message = "The session’s worker was stopped, which ended the shell.";
      const ended = shells.endAll({ code: "worker_left", message, exitCode: null });
      await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

function ticketOf({ headers }: IncomingMessage): TicketClaim | null {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim());
  const ticket = offered.find((each) => each.startsWith(TICKET_PREFIX));
  return ticket === undefined ? null : readTicket(ticket.slice(TICKET_PREFIX.length));
}

function serve(socket: WebSocket, claim: TicketClaim, shells: Shells): void {
  socket.on("error", (error) => log.debug({ err: error }, "a terminal's connection broke"));
  serveViewer(socket, claim, shells).catch((error: unknown) => {
    log.warn({ err: error, terminal: claim.terminal }, "a terminal's viewer could not be served");
    socket.close(1011);
  });
}

async function listen(server: Server): Promise<string> {
  const { KILN_GATEWAY_HOST: host, KILN_GATEWAY_PORT: port } = env();
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ message }) =>
      reject(new Refusal(`KILN_GATEWAY_HOST and KILN_GATEWAY_PORT are ${host} and ${port}: ${message}.`)),
    );
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The gateway listens on no port.");
  // Who listens everywhere is reached by the machine's name.
  const name = host === "0.0.0.0" || host === "::" ? hostname() : host;
  return `${name.includes(":") ? `[${name}]` : name}:${address.port}`;
}

/** Regularly, and a session when it changes. @returns what ends it */
function keepChecking(shells: Shells, previews: Previews): () => void {
  const failed = (error: unknown) =>
    log.warn({ err: error }, "who looks into sessions could not be checked; the next look does");
  const timer = setInterval(() => {
    void shells.check().catch(failed);
    void previews.check().catch(failed);
  }, CHECK_MS);
  const unsubscribe = hub().subscribe((pointer) => {
    if (pointer?.kind === "terminal") void shells.endClosed([pointer.id]).catch(failed);
    if (pointer?.kind !== "session" && pointer?.kind !== "snapshot") return;
    void shells.checkPlace(pointer.id).catch(failed);
    if (pointer.kind === "session") void previews.check(pointer.id).catch(failed);
  });
  return () => {
    clearInterval(timer);
    unsubscribe();
  };
}
