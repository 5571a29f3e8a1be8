/** For tests: an npm registry and a Python index that containers can reach, which count what is downloaded from them. */
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { realpath } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import path from "node:path";
import { bridgeAddress } from "./git-server";
import { digest, type MadePackage } from "./made-packages";

export interface PackageIndex {
  /** What tells npm and pip of it. */
  env: Record<string, string>;
  /** The names of the files that were sent whole, in order. */
  downloads: string[];
  /** A script that puts this machine's node and npm into a container that has python3. */
  installNode: string;
  stop(): Promise<void>;
}

export interface Packages {
  npm: readonly MadePackage[];
  pip: readonly MadePackage[];
  /** Files that their lists name, and that aren't there. */
  missing?: ReadonlySet<string>;
}

/** Where a file is never another one, as on the real ones. */
const forEver = { "cache-control": "public, max-age=365000000, immutable" };

export async function servePackages({ npm, pip, missing = new Set() }: Packages): Promise<PackageIndex> {
  const host = await bridgeAddress();
  const downloads: string[] = [];
  const files = new Map([...npm, ...pip].map((one) => [one.file, one.bytes]));
  let origin = "";

  const manifestOf = (name: string) => {
    const versions = npm
      .filter((one) => one.name === name)
      .map(({ version, file, bytes, scripts = {} }) => {
        const integrity = `sha512-${digest("sha512", bytes, "base64")}`;
        const dist = { tarball: `${origin}/files/${file}`, integrity, shasum: digest("sha1", bytes, "hex") };
        return [version, { name, version, bin: { [name]: "cli.js" }, scripts, dist }] as const;
      });
    const latest = versions.at(-1)?.[0];
    return latest === undefined
      ? null
      : { name, "dist-tags": { latest }, versions: Object.fromEntries(versions) };
  };
  const pageOf = (name: string) => {
    const links = pip
      .filter((one) => one.name === name)
      .map(
        ({ file, bytes }) => `<a href="/files/${file}#sha256=${digest("sha256", bytes, "hex")}">${file}</a>`,
      );
    return links.length === 0 ? null : `<!DOCTYPE html><html><body>${links.join("<br>")}</body></html>`;
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://here");
    const [, folder = "", name = ""] = pathname.split("/").map(decodeURIComponent);
    const file = folder === "files" && !missing.has(name) ? files.get(name) : undefined;
    if (file) {
      downloads.push(name);
      send(response, file, "application/octet-stream", forEver);
    } else if (folder === "machine") sendTool(name, response);
    else if (folder === "simple") send(response, pageOf(name), "text/html");
    else send(response, JSON.stringify(manifestOf(folder)), "application/json");
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("The server has no port.");
  origin = `http://${host}:${address.port}`;
  return {
    env: {
      NPM_CONFIG_REGISTRY: `${origin}/`,
      PIP_INDEX_URL: `${origin}/simple/`,
      PIP_TRUSTED_HOST: host,
    },
    downloads,
    installNode: `${fetchScript}
mkdir -p /usr/local/lib/node_modules
fetch ${origin}/machine/node > /usr/local/bin/node
chmod +x /usr/local/bin/node
fetch ${origin}/machine/npm | tar -x -C /usr/local/lib/node_modules
ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
npm --version`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const fetchScript = `set -e
fetch() {
  python3 -c 'import shutil, sys, urllib.request
shutil.copyfileobj(urllib.request.urlopen(sys.argv[1]), sys.stdout.buffer)' "$1"
}`;

function send(response: ServerResponse, body: string | Buffer | null, type: string, headers = {}): void {
  const found = body !== null && body !== "null";
  response.writeHead(found ? 200 : 404, { "content-type": type, ...(found ? headers : {}) });
  response.end(found ? body : type === "application/json" ? '{"error":"Not found"}' : "");
}

/** This process's own node; the npm that is installed beside it or on the machine, as an archive. */
function sendTool(name: string, response: ServerResponse): void {
  const fail = (error: Error) => response.destroy(error);
  if (name === "node") createReadStream(process.execPath).once("error", fail).pipe(response);
  else
    npmFolder().then((folder) => {
      const tar = spawn("tar", ["-c", "-C", path.dirname(folder), path.basename(folder)]);
      tar.once("error", fail).stdout.pipe(response);
    }, fail);
}

async function npmFolder(): Promise<string> {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const program = await realpath(path.join(folder, "npm")).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
      throw error;
    });
    if (program?.endsWith(path.join("npm", "bin", "npm-cli.js"))) return path.resolve(program, "../..");
  }
  throw new Error("There is no npm in PATH.");
}
