/** For tests: a way to Postgres on which an answer can be lost after the server has done what it was asked to. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface DatabaseProxy {
  /** The same database, by way of the proxy. */
  url: string;
  /**
   * The next transaction that says this loses the answer to its COMMIT, and its connection: for whoever asked
   * the outcome is unknown.
   */
  loseCommitOf(statement: string): void;
  /** The next connection is ended by the server (57P01) in the same piece of data that says it is ready. */
  endWhenReady(): void;
  /** How many were ended so. */
  ended(): number;
  /** The network to the database is gone while `during` runs: connections end, and new ones end at once. */
  away(during: () => Promise<void>): Promise<void>;
  /** How many connections ended at their beginning so far. */
  refused(): number;
  /** How many answers were lost so far. */
  lost(): number;
  close(): Promise<void>;
}

/** ReadyForQuery, and an ErrorResponse, as the protocol has them. */
const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const terminated = errorResponse({
  S: "FATAL",
  C: "57P01",
  M: "terminating connection due to administrator command",
});

function errorResponse(fields: Record<string, string>): Buffer {
  const body = Buffer.from(
    `${Object.entries(fields)
      .map(([key, text]) => `${key}${text}\0`)
      .join("")}\0`,
  );
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export async function databaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let wanted: string | undefined;
  let losses = 0;
  let refusals = 0;
  let isEnding = false;
  let endings = 0;
  let isAway = false;
  const server = createServer((client) => {
    if (isAway) {
      refusals += 1;
      client.destroy();
      return;
    }
    const database = connect(Number(target.port || 5432), target.hostname);
    const both = [client, database];
    const over = () => {
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      sockets.add(socket);
      socket.on("error", over).on("close", () => {
        sockets.delete(socket);
        over();
      });
    }
    let marked = false;
    let losing = false;
    client.on("data", (data) => {
      if (wanted !== undefined && data.includes(wanted)) {
        marked = true;
        wanted = undefined;
      }
      if (marked && data.includes("COMMIT")) losing = true;
      database.write(data);
    });
    database.on("data", (data) => {
      if (isEnding && data.includes(ready)) {
        isEnding = false;
        endings += 1;
        client.end(Buffer.concat([data, terminated]));
        return database.destroy();
      }
      if (!losing) return client.write(data);
      losses += 1;
      over();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const way = new URL(url);
  way.hostname = "127.0.0.1";
  way.port = String((server.address() as AddressInfo).port);
  return {
    url: way.href,
    loseCommitOf: (statement) => {
      wanted = statement;
    },
    away: async (during) => {
      isAway = true;
      for (const socket of sockets) socket.destroy();
      try {
        await during();
      } finally {
        isAway = false;
      }
    },
    endWhenReady: () => {
      isEnding = true;
    },
    ended: () => endings,
    refused: () => refusals,
    lost: () => losses,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
