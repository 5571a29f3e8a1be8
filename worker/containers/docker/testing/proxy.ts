/** For tests: a socket in front of the real engine that can be cut, frozen and counted. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { clientOptions } from "../connect";

export interface EngineProxy {
  dockerHost: string;
  /** Connections that clients hold at the moment. */
  open(): number;
  /** From now on accepts and never answers; what is open falls silent. */
  freeze(): void;
  /** New connections are served again. One that lost something stays silent, as after a network that forgot it. */
  thaw(): void;
  /** Bytes that didn't get through while it was frozen. */
  swallowed(): number;
  /** Ends all connections at once, as an engine does that is killed; new ones are still served. */
  cut(): void;
  /** What to do with an answer's bytes on their way to the client, from now on; they go through unless told. */
  onAnswer(treat: (bytes: Buffer, proxy: EngineProxy) => Buffer): void;
  /** The same with a request's. */
  onRequest(treat: (bytes: Buffer, proxy: EngineProxy) => Buffer): void;
  /** As if nothing were installed: no socket, no connections. */
  close(): Promise<void>;
}

/** @param address of the new socket; the engine behind it is the one of `DOCKER_HOST` */
export async function engineProxy(
  address = path.join(tmpdir(), `kiln-proxy-${randomUUID()}.sock`),
): Promise<EngineProxy> {
  const { socketPath, host, port } = clientOptions(process.env.DOCKER_HOST);
  const clients = new Set<Socket>();
  let frozen = false;
  let swallowed = 0;
  let treatAnswer = (bytes: Buffer, _proxy: EngineProxy) => bytes;
  let treatRequest = (bytes: Buffer, _proxy: EngineProxy) => bytes;
  // A client that has said all of its standard input still listens.
  const allowHalfOpen = true;
  const server = createServer({ allowHalfOpen }, (client) => {
    const where = socketPath ? { path: socketPath } : { port: Number(port), host };
    const engine = connect({ ...where, allowHalfOpen });
    clients.add(client);
    const line = { silent: false, takesInput: false };
    const over = () => {
      clients.delete(client);
      client.destroy();
      engine.destroy();
    };
    client.on("error", over).on("close", over);
    // Only on a connection that takes input somebody may have said all and still listen. Others have left, as have all
    // when nothing is handed on any more.
    client.on("end", () => {
      if (frozen || line.silent || !line.takesInput) over();
    });
    // One that hangs doesn't close its side either.
    engine.on("error", over).on("close", () => {
      if (!frozen && !line.silent) over();
    });
    relay(line, client, engine, (bytes) => {
      const said = bytes.toString("latin1");
      line.takesInput ||= /^upgrade: tcp\r$/im.test(said) && !/\/attach\?(?!\S*stdin=1)/.test(said);
      return treatRequest(bytes, proxy);
    });
    relay(line, engine, client, (bytes) => treatAnswer(bytes, proxy));
  });
  /** With the receiver's pace, since back-pressure is one of the things under test. */
  const relay = (line: { silent: boolean }, from: Socket, to: Socket, treat: (bytes: Buffer) => Buffer) => {
    from.on("data", (bytes: Buffer) => {
      line.silent ||= frozen;
      if (line.silent) swallowed += bytes.length;
      const treated = line.silent ? Buffer.alloc(0) : treat(bytes);
      // Frozen by that very treatment, perhaps; what it gave still goes through.
      if (treated.length === 0 || to.destroyed || to.write(treated)) return;
      from.pause();
      to.once("drain", () => from.resume());
    });
    from.on("end", () => {
      if (!frozen && !line.silent) to.end();
    });
  };
  await new Promise<void>((resolve) => server.listen(address, resolve));
  const cut = () => {
    for (const client of clients) client.destroy();
  };
  const proxy: EngineProxy = {
    dockerHost: `unix://${address}`,
    open: () => clients.size,
    freeze: () => {
      frozen = true;
    },
    swallowed: () => swallowed,
    thaw: () => {
      frozen = false;
    },
    cut,
    onAnswer: (treat) => {
      treatAnswer = treat;
    },
    onRequest: (treat) => {
      treatRequest = treat;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
      await rm(address, { force: true });
    },
  };
  return proxy;
}
