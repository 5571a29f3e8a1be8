/** For tests: a browser at previews, without one: through the web's own relay, with the cookies that it was given. */
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { PreviewRelay } from "@/lib/previews/relay.server";

export interface TestWeb {
  port: number;
  close(): Promise<void>;
}

/** What the web does for previews. Anything else is answered 418. */
export async function startTestWeb(): Promise<TestWeb> {
  const relay = new PreviewRelay();
  const server = createServer((asked, response) => {
    if (!relay.take(asked, response)) response.writeHead(418).end();
  });
  server.on("upgrade", (asked, socket, head) => {
    if (!relay.takeUpgrade(asked, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      relay.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Said {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

export class PreviewClient {
  cookie = "";

  constructor(
    private readonly web: TestWeb,
    readonly host: string,
  ) {}

  /** Goes to the address that opens the preview, and keeps the pass. */
  async enter(url: string): Promise<Said> {
    const { pathname, search } = new URL(url);
    const said = await this.ask(pathname + search);
    this.cookie = (said.headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");
    return said;
  }

  async ask(path: string, asked: Asked = {}): Promise<Said> {
    const message = await this.begin(path, asked);
    return { status: message.statusCode ?? 0, headers: message.headers, body: await text(message) };
  }

  /** The answer's beginning; what comes of it is read by the caller. */
  begin(path: string, { method = "GET", headers = {}, body }: Asked = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        ...{ host: "127.0.0.1", port: this.web.port, path, method, setHost: false, agent: false },
        headers: {
          host: this.host,
          ...(this.cookie ? { cookie: this.cookie } : {}),
          ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
          ...headers,
        },
      });
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  }

  /** @returns the connection; the refusal's status when there is none */
  upgrade(path: string, headers: Record<string, string> = {}): Promise<Duplex | number> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        ...{ host: "127.0.0.1", port: this.web.port, path, setHost: false, agent: false },
        headers: {
          ...{ host: this.host, cookie: this.cookie, connection: "Upgrade", upgrade: "websocket" },
          ...{ "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", ...headers },
        },
      });
      outgoing.once("upgrade", (_message, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      outgoing.once("response", (message) => {
        message.resume();
        resolve(message.statusCode ?? 0);
      });
      outgoing.once("error", reject);
      outgoing.end();
    });
  }
}
