import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createPatientServer } from "./patient.server";

const SILENT_MS = 300;
let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function open(listener: RequestListener, headersMs = 60_000): Promise<Socket> {
  server = createPatientServer(listener, {}, { headersMs, silentMs: SILENT_MS });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens on no port.");
  const socket = connect(address.port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

const head = (length: number, connection = "close") =>
  `PUT / HTTP/1.1\r\nHost: kiln\r\nConnection: ${connection}\r\nContent-Length: ${length}\r\n\r\n`;
const countBytes: RequestListener = (request, response) => {
  text(request).then(
    (body) => response.end(`${body.length} bytes`),
    () => response.destroy(),
  );
};

describe("a patient server", () => {
  it("takes a body that trickles for longer than it may be silent", async () => {
    const socket = await open(countBytes);
    socket.write(head(40));
    const began = performance.now();
    for (let sent = 0; sent < 40; sent += 1) {
      await pause(SILENT_MS / 15);
      socket.write("x");
    }
    expect(await text(socket)).toContain("40 bytes");
    expect(performance.now() - began).toBeGreaterThan(SILENT_MS * 2);
  });

  it.each<[string, RequestListener, string]>([
    ["while it is read", countBytes, ""],
    ["when it was answered unread", (_, response) => response.writeHead(401).end(), "HTTP/1.1 401 "],
  ])("ends one that stops coming, %s", async (_, listener, answer) => {
    const socket = await open(listener);
    socket.write(`${head(40, "keep-alive")}half`);
    expect((await text(socket)).slice(0, 13)).toBe(answer);
  });

  it("waits for whoever reads slowly, and for an answer that takes its time", async () => {
    const socket = await open((request, response) => {
      setTimeout(() => countBytes(request, response), SILENT_MS * 2);
    });
    const size = 4_000_000;
    socket.write(head(size));
    socket.write(Buffer.alloc(size, "x"));
    expect(await text(socket)).toContain(`${size} bytes`);
  });

  it("gives headers their time, and no more", async () => {
    const socket = await open(countBytes, 200);
    socket.write("PUT / HTTP/1.1\r\nHost: kiln\r\n");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });
});
