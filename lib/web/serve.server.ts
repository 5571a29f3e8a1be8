/**
 * The web process: Next, and on the same port what leads to a worker: terminals, which are WebSockets, and previews, which have
 * hosts of their own. Next alone would take neither; see docs/decisions/0024 and 0028.
 */
import { createServer } from "node:http";
import next from "next";
import { closeDatabase } from "@/lib/db/client.server";
import { log } from "@/lib/log.server";
import { PreviewRelay } from "@/lib/previews/relay.server";
import { createPatientServer } from "@/lib/requests/patient.server";
import { TerminalRelay } from "./terminal-relay.server";

const HTTP_ERROR = 500;
/**
 * Whether a browser is still there is asked after a minute of silence: one whose machine was switched off would keep the places of
 * its WebSockets for ever.
 */
const probing = { keepAlive: true, keepAliveInitialDelay: 60_000 };

async function main(): Promise<void> {
  const dev = process.env.NODE_ENV === "development";
  const port = Number(process.env.PORT ?? 3000);
  const told = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
  });
  // Never listens: Next puts its own upgrades, those of hot reload, on the server that it is told of.
  const nexts = createServer();
  const app = next({ dev, port, dir: process.cwd(), httpServer: nexts });
  await app.prepare();
  const handle = app.getRequestHandler();
  const previews = new PreviewRelay();
  const server = createPatientServer((request, response) => {
    if (previews.take(request, response)) return;
    handle(request, response).catch((error: unknown) => {
      log.error({ err: error, url: request.url?.split("?")[0] }, "a request broke");
      if (!response.headersSent) response.writeHead(HTTP_ERROR);
      response.end();
    });
  }, probing);
  const relay = new TerminalRelay();
  server.on("upgrade", (request, socket, head) => {
    if (previews.takeUpgrade(request, socket, head) || relay.take(request, socket, head)) return;
    if (!nexts.emit("upgrade", request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, resolve);
  });
  log.info({ port }, "web ready");

  const signal = await told;
  log.info({ signal }, "web is shutting down");
  process.once("SIGTERM", () => process.exit(1));
  process.once("SIGINT", () => process.exit(1));
  // Streams end by themselves, and terminals come back to the next process; what is being answered is answered.
  relay.close();
  previews.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if (dev) server.closeAllConnections();
  await closed;
  await app.close();
  await closeDatabase();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    log.fatal({ err: error }, "the web can't go on");
    process.exit(1);
  },
);
