/** Handing on what means harm: requests that hide another one, answers that are none, and askers that leave. */
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createRawServer,
  type Server,
  type Socket,
} from "node:net";
import { afterEach, expect, it } from "vitest";
import { forward, forwardUpgrade, NotForwarded } from "./forward.server";
import { endToEnd } from "./headers";

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(() => resolve()));
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A program that says its words to whatever comes, once it has come. @returns what it heard, by connection */
async function program(
  words: string,
  heardAll: (heard: string) => boolean = (heard) => /\r\n\r\n/.test(heard),
) {
  const heard: string[] = [];
  const closed: Array<Promise<unknown>> = [];
  const server = createRawServer((socket) => {
    const at = heard.push("") - 1;
    closed.push(new Promise((resolve) => socket.once("close", resolve)));
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      heard[at] += data.toString("latin1");
      if (heardAll(heard[at] ?? "")) socket.write(words);
    });
  });
  return { to: { host: "127.0.0.1", port: await listening(server) }, heard, closed };
}

/** In front of it. @returns its port, and how each that was handed on ended */
async function inFront(to: { host: string; port: number }, before = Promise.resolve()) {
  const ended: Array<Promise<string>> = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const way = { to, agent, answerHeaders: endToEnd, answerMs: 5_000 };
  const endOf = (doing: Promise<void>) =>
    doing.then(
      () => "over",
      (error: unknown) => (error instanceof NotForwarded ? error.reason : String(error)),
    );
  const server = createServer((asked, response) => {
    const end = endOf(forward(asked, response, { ...way, headers: endToEnd(asked.headersDistinct) }));
    ended.push(end);
    void end.then((how) => how !== "over" && response.writeHead(502).end());
  });
  server.on("upgrade", (asked, socket, head) => {
    socket.on("error", () => socket.destroy());
    const doing = () =>
      forwardUpgrade(asked, socket, head, { ...way, headers: endToEnd(asked.headersDistinct) });
    ended.push(endOf(before.then(doing)));
  });
  return { port: await listening(server), ended, server };
}

const hidden = "GET /hidden HTTP/1.1\r\nHost: other\r\n\r\n";
const framings: Array<[string, string]> = [
  ["in chunks", `Transfer-Encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`],
  [
    "with a length that is named as the connection's",
    `Connection: content-length\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  ],
];

it.each(
  ["GET", "DELETE", "OPTIONS", "POST"].flatMap((method) =>
    framings.map(([how, rest]) => ({ method, how, rest })),
  ),
)("the body of a $method $how stays a body", async ({ method, rest }) => {
  const seen: string[] = [];
  const inner = createServer((asked, response) => {
    let body = "";
    asked.setEncoding("latin1").on("data", (piece: string) => (body += piece));
    asked.on("end", () => {
      seen.push(`${asked.method} ${asked.url} ${body}`);
      response.end("heard");
    });
  });
  const front = await inFront({ host: "127.0.0.1", port: await listening(inner) });
  const asker = connect(front.port, "127.0.0.1");
  asker.write(`${method} / HTTP/1.1\r\nHost: x\r\n${rest}`);
  await once(asker, "data");
  expect(await front.ended[0]).toBe("over");
  expect(seen).toEqual([`${method} / ${hidden}`]);
  asker.destroy();
});

it.each([
  ["another protocol", "HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello"],
  [
    "another protocol without its name",
    "HTTP/1.1 101 Go\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  ],
  ["no status", "HTTP/1.1 000 No\r\nContent-Length: 0\r\n\r\n"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc"],
  [
    "a length and chunks",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["a line's end in a header", "HTTP/1.1 200 OK\r\nX: a\rEvil: b\r\nContent-Length: 0\r\n\r\n"],
])("to a plain request %s is no answer, and its connection ends", async (_, words) => {
  const { to, closed } = await program(words);
  const front = await inFront(to);
  const asked = request({ host: "127.0.0.1", port: front.port, agent: false });
  asked.end();
  const [message] = await once(asked, "response");
  expect(message.statusCode).toBe(502);
  message.resume();
  await Promise.all(closed);
});

const upgrade = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const silent = "HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

it("a WebSocket whose asker has left while it was looked at is opened to nobody", async () => {
  const { to, heard } = await program(silent);
  const left = Promise.withResolvers<void>();
  const front = await inFront(to, left.promise);
  const asker = connect(front.port, "127.0.0.1");
  front.server.once("upgrade", (_asked, socket) => {
    socket.once("close", () => left.resolve());
    asker.resetAndDestroy();
  });
  asker.write(upgrade);
  await left.promise;
  expect(await front.ended[0]).toBe("over");
  expect(heard).toEqual([]);
});

it("a WebSocket whose asker leaves when it is opened ends", async () => {
  const { to, closed } = await program(silent);
  const front = await inFront(to);
  const asker = connect(front.port, "127.0.0.1");
  asker.write(upgrade);
  await once(asker, "data");
  asker.resetAndDestroy();
  expect(await front.ended[0]).toBe("over");
  await Promise.all(closed);
});

it("requests in a row whose asker leaves in the middle all end", async () => {
  const large = "x".repeat(2_000_000);
  const { to, heard, closed } = await program(`HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n${large}`);
  const front = await inFront(to);
  const asker = connect(front.port, "127.0.0.1");
  asker.write("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  await expect.poll(() => heard.length).toBe(2);
  asker.resetAndDestroy();
  await Promise.all(front.ended);
  await Promise.all(closed);
});
