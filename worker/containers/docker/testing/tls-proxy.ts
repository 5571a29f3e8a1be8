/** For tests: the real engine behind TLS, as `dockerd --tlsverify` offers it, with certificates made for the occasion. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";
import { clientOptions } from "../connect";

const run = promisify(execFile);

export interface TlsProxy {
  /** `tcp://127.0.0.1:PORT` */
  dockerHost: string;
  /** For `DOCKER_CERT_PATH`: an authority, and a certificate that it has signed. */
  certificates: string;
  /** The same of another authority, that neither side knows. */
  strangers: string;
  /** The right authority, and a certificate of the other one. */
  unknownClient: string;
  close(): Promise<void>;
}

export async function tlsProxy(): Promise<TlsProxy> {
  const folder = await mkdtemp(path.join(tmpdir(), "kiln-tls-"));
  const [certificates, strangers, unknownClient] = ["known", "strangers", "mixed"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  await Promise.all([certify(certificates), certify(strangers)]);
  await run("mkdir", [unknownClient]);
  await Promise.all([
    run("cp", [path.join(certificates, "ca.pem"), unknownClient]),
    run("cp", [path.join(strangers, "cert.pem"), path.join(strangers, "key.pem"), unknownClient]),
  ]);
  const read = (name: string) => readFile(path.join(certificates, name));
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  const { socketPath, host, port } = clientOptions(process.env.DOCKER_HOST);
  const clients = new Set<Socket>();
  // A client that has said all of its standard input still listens.
  const allowHalfOpen = true;
  const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true, allowHalfOpen };
  const server = createServer(options, (client) => {
    const engine = connect({
      ...(socketPath ? { path: socketPath } : { host, port: Number(port) }),
      allowHalfOpen,
    });
    const over = () => {
      client.destroy();
      engine.destroy();
    };
    client.on("error", over).on("close", over).pipe(engine).on("error", over).on("close", over).pipe(client);
  });
  // Also those whose handshake fails.
  server.on("connection", (client: Socket) => {
    clients.add(client);
    client.on("close", () => clients.delete(client));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("The proxy has no port.");
  return {
    dockerHost: `tcp://127.0.0.1:${address.port}`,
    ...{ certificates, strangers, unknownClient },
    close: async () => {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

const KIND = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** An authority with one certificate, good for both sides: `ca.pem`, `cert.pem` and `key.pem`. */
async function certify(folder: string): Promise<void> {
  await run("mkdir", [folder]);
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  await openssl("req", "-x509", ...KIND, "-subj", "/CN=Authority", "-keyout", "ca-key.pem", "-out", "ca.pem");
  const named = ["-subj", "/CN=engine", "-addext", "subjectAltName=IP:127.0.0.1"];
  await openssl("req", ...KIND, ...named, "-keyout", "key.pem", "-out", "request.pem");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-copy_extensions", "copy"];
  await openssl("x509", "-req", "-in", "request.pem", ...signed, "-out", "cert.pem");
}
