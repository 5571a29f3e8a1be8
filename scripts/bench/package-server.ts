/** A package repository for containers of this machine: a folder behind HTTP, as fast as a line of a given speed. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";

const CHUNK = 64 * 1024;

export interface PackageServer {
  url: string;
  close(): Promise<void>;
}

/**
 * @param host an address of this machine that containers can reach
 * @param bytesPerSecond of each connection
 */
export async function servePackages(
  folder: string,
  host: string,
  bytesPerSecond = Number.POSITIVE_INFINITY,
): Promise<PackageServer> {
  /** Until when a connection is taken by what was sent on it; requests that come together share its speed. */
  const takenUntil = new WeakMap<Socket, number>();
  const server = createServer((request, response) => {
    const name = path.basename(decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname));
    send(path.join(folder, name), response, async (bytes) => {
      const now = performance.now();
      const until = Math.max(now, takenUntil.get(request.socket) ?? 0) + (bytes / bytesPerSecond) * 1000;
      takenUntil.set(request.socket, until);
      if (until > now) await pause(until - now);
    }).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The package server has no port.");
  return {
    url: `http://${host}:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function send(
  file: string,
  response: ServerResponse,
  paid: (bytes: number) => Promise<void>,
): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (!found?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-length": found.size });
  await pipeline(
    createReadStream(file, { highWaterMark: CHUNK }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        await paid(chunk.byteLength);
        yield chunk;
      }
    },
    response,
  );
}
