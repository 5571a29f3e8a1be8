/** For tests: just enough of a registry that an engine can really pull one small image from it. */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

const MEDIA = "application/vnd.docker";

export interface TestRegistry {
  /** `127.0.0.1:port/name`, which engines pull from without TLS. */
  repository: string;
  /** Of what `<repository>:1` is now. */
  digest: string;
  requests: string[];
  /** How the layer is sent from now on. */
  layer: "whole" | "never" | "slowly";
  /** Puts another image under the same name. */
  move(): void;
  close(): Promise<void>;
}

/**
 * Serves `<repository>:1` with one layer, labelled so that the test's clean-up finds it.
 * @param tar its files; about 3 MB of noise when left out
 */
export async function testRegistry(labels: Record<string, string>, tar?: Buffer): Promise<TestRegistry> {
  const files = tar ?? (await noise());
  const layer = gzipSync(files, { level: 1 });
  const blobs = new Map([[digestOf(layer), layer]]);
  const manifests = new Map<string, Buffer>();
  const requests: string[] = [];

  const server = createServer((request, response) => {
    const url = request.url ?? "";
    requests.push(url);
    if (url === "/v2/") return send(response, Buffer.from("{}"), "application/json");
    const [, kind, name = ""] = /^\/v2\/kiln-test\/image\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
    const manifest = kind === "manifests" ? manifests.get(name === "1" ? registry.digest : name) : undefined;
    if (manifest)
      return send(response, manifest, `${MEDIA}.distribution.manifest.v2+json`, request.method === "HEAD");
    const blob = kind === "blobs" ? blobs.get(name) : undefined;
    if (blob === layer && registry.layer === "never") return;
    if (blob === layer && registry.layer === "slowly") return trickle(response, blob);
    if (blob) return send(response, blob, "application/octet-stream");
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  const registry: TestRegistry = {
    repository: `127.0.0.1:${port}/kiln-test/image`,
    digest: put(),
    requests,
    layer: "whole",
    move: () => {
      registry.digest = put();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return registry;

  /** @returns the digest of an image that is none of those before it. */
  function put(): string {
    const config = Buffer.from(
      JSON.stringify({
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        os: "linux",
        config: { Labels: { ...labels, made: `${manifests.size}` }, Cmd: ["/pulled"] },
        rootfs: { type: "layers", diff_ids: [digestOf(files)] },
      }),
    );
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: `${MEDIA}.distribution.manifest.v2+json`,
        config: {
          mediaType: `${MEDIA}.container.image.v1+json`,
          size: config.length,
          digest: digestOf(config),
        },
        layers: [
          { mediaType: `${MEDIA}.image.rootfs.diff.tar.gzip`, size: layer.length, digest: digestOf(layer) },
        ],
      }),
    );
    blobs.set(digestOf(config), config);
    manifests.set(digestOf(manifest), manifest);
    return digestOf(manifest);
  }
}

async function noise(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "pulled" }, randomBytes(3 * 1024 * 1024));
  archive.finalize();
  return buffer(archive);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

const STEP = 16 * 1024;

/** As from a registry that is far away: it always comes on, and isn't there for long. */
function trickle(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": body.length });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + STEP));
    sent += STEP;
  }, 50);
  response.on("close", () => clearInterval(timer));
}

function send(response: ServerResponse, body: Buffer, type: string, headOnly = false): void {
  response.writeHead(200, {
    "content-type": type,
    "content-length": body.length,
    "docker-content-digest": digestOf(body),
    "docker-distribution-api-version": "registry/2.0",
  });
  response.end(headOnly ? undefined : body);
}
