/** Handing requests on between real servers: what comes, what goes, and what breaks in the middle. */
import { once } from "node:events";
import { Agent, createServer, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { forward, NotForwarded } from "./forward.server";
import { endToEnd } from "./headers";

const open: Server[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

async function serve(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { server, port };
}

/** A server in front of the program. @returns its port, and how requests that couldn't be handed on ended */
async function inFront(program: number, { answerMs = 5_000 } = {}) {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  const failures: string[] = [];
  const { port } = await serve((asked, response) => {
    forward(asked, response, {
      to: { host: "127.0.0.1", port: program },
      ...{ agent, headers: endToEnd(asked.headersDistinct), answerHeaders: endToEnd, answerMs },
    }).catch((error: unknown) => {
      failures.push(error instanceof NotForwarded ? error.reason : String(error));
      response.writeHead(502).end();
    });
  });
  return { port, failures };
}

const ask = (port: number, method = "GET", path = "/") =>
  request({ host: "127.0.0.1", port, method, path, agent: false });

async function answerTo(asked: ReturnType<typeof ask>) {
  const [message] = await once(asked, "response");
  return { status: message.statusCode, headers: message.headers, body: await text(message) };
}

describe("a request", () => {
  it("goes and comes piece by piece, whatever its length", async () => {
    const { port: program } = await serve((asked, response) => {
      response.writeHead(201, { "x-length": asked.headers["content-length"] ?? "none" });
      asked.pipe(response);
    });
    const { port } = await inFront(program);
    const asked = ask(port, "PUT");
    asked.write("first ");
    const [message] = await once(asked, "response");
    expect([message.statusCode, message.headers["x-length"]]).toEqual([201, "none"]);
    const pieces = message[Symbol.asyncIterator]();
    expect(String((await pieces.next()).value)).toBe("first ");
    asked.end("last");
    expect(String((await pieces.next()).value)).toBe("last");
    expect((await pieces.next()).done).toBe(true);
  });

  it("may be answered before it was heard, and the next one comes over the same connection", async () => {
    const { port: program } = await serve((_asked, response) => {
      response.writeHead(413).end("too much");
    });
    const { port } = await inFront(program);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agents.push(agent);
    const post = () => request({ host: "127.0.0.1", port, method: "POST", agent });
    const asked = post();
    asked.write(Buffer.alloc(200_000));
    expect(await answerTo(asked)).toMatchObject({ status: 413, body: "too much" });
    const from = asked.socket?.localPort;
    asked.end(Buffer.alloc(3_000_000));
    const next = post();
    next.end();
    expect(await answerTo(next)).toMatchObject({ status: 413 });
    expect(next.socket?.localPort).toBe(from);
  });

  it.each([
    ["HEAD", "/", 200],
    ["GET", "/304", 304],
    ["GET", "/204", 204],
    ["DELETE", "/", 200],
    ["OPTIONS", "*", 200],
  ])("%s %s is answered with %i and as little as that needs", async (method, path, status) => {
    const seen: unknown[] = [];
    const { port: program } = await serve((asked, response) => {
      seen.push([asked.method, asked.url, asked.headers["transfer-encoding"]]);
      response.writeHead(Number(/\d+/.exec(asked.url ?? "")?.[0] ?? 200), { etag: "1" }).end();
    });
    const { port } = await inFront(program);
    const asked = ask(port, method, path);
    asked.end();
    expect(await answerTo(asked)).toMatchObject({ status, body: "", headers: { etag: "1" } });
    expect(seen).toEqual([[method, path, undefined]]);
  });

  it("is sent again when a kept connection was closed, and only one that may be", async () => {
    const sockets: Socket[] = [];
    const methods: string[] = [];
    const { server, port: program } = await serve((asked, response) => {
      methods.push(asked.method ?? "");
      response.end("here");
    });
    server.on("connection", (socket: Socket) => sockets.push(socket));
    const { port, failures } = await inFront(program);
    const once200 = async (method: string) => {
      const asked = ask(port, method);
      asked.end();
      return (await answerTo(asked)).status;
    };
    expect(await once200("GET")).toBe(200);
    // From now on what comes over it is met by a reset.
    server.prependOnceListener("request", (asked) => asked.socket.resetAndDestroy());
    expect(await once200("GET")).toBe(200);
    expect(await once200("POST")).toBe(200);
    expect(sockets).toHaveLength(3);
    server.prependOnceListener("request", (asked) => asked.socket.resetAndDestroy());
    expect(await once200("POST")).toBe(502);
    expect(failures).toEqual(["failed"]);
    expect(methods.filter((method) => method === "POST")).toHaveLength(2);
  });

  it("without an answer in time is given up; one that is broken off stays broken off", async () => {
    const { port: program } = await serve((asked, response) => {
      if (asked.url !== "/cut") return;
      response.writeHead(200, { "content-length": 100 }).write("half");
      response.socket?.destroySoon();
    });
    const { port, failures } = await inFront(program, { answerMs: 100 });
    const late = ask(port);
    late.end();
    expect((await answerTo(late)).status).toBe(502);
    const cut = ask(port, "GET", "/cut");
    cut.end();
    await expect(answerTo(cut)).rejects.toThrow("aborted");
    const { port: nowhere, failures: refused } = await inFront(1);
    const never = ask(nowhere);
    never.end();
    expect((await answerTo(never)).status).toBe(502);
    expect([failures, refused]).toEqual([["no_answer"], ["failed"]]);
  });

  it("whose asker leaves ends at the program, too", async () => {
    const left = Promise.withResolvers<void>();
    const { port: program } = await serve((_asked, response) => {
      response.writeHead(200).write("begun");
      response.once("close", () => left.resolve());
    });
    const { port } = await inFront(program);
    const asked = ask(port);
    asked.end();
    const [message] = await once(asked, "response");
    message.destroy();
    await left.promise;
  });

  it("waits for a slow reader: little of a large answer is under way", async () => {
    let written = 0;
    const stuck = Promise.withResolvers<void>();
    const { port: program } = await serve((_asked, response) => {
      const more = () => {
        while (written < 400_000_000) {
          written += 1_000_000;
          if (!response.write(Buffer.alloc(1_000_000))) {
            const timer = setTimeout(() => stuck.resolve(), 300);
            response.once("drain", () => {
              clearTimeout(timer);
              more();
            });
            return;
          }
        }
        stuck.resolve();
      };
      more();
    });
    const { port } = await inFront(program);
    const asked = ask(port);
    asked.end();
    const [message] = await once(asked, "response");
    await stuck.promise;
    expect(written).toBeLessThan(100_000_000);
    message.destroy();
  });
});
