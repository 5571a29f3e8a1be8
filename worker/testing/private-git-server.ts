/** For tests: git over https behind basic authentication, by git's own CGI program, with a certificate of its own. */
import { execFile, spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { bridgeAddress, type GitServer, makeRepository } from "./git-server";

const run = promisify(execFile);

export interface PrivateGitServer extends GitServer {
  /** To be trusted by whoever clones. */
  certificate: string;
  /** The credentials that were sent, `user:password`, in the order of the requests that had some. */
  seen: string[];
  /** An address that is answered with a redirect to that one. */
  redirectTo(url: string): string;
}

/** @param credentials who may clone: `user:password` each, or only a password for any user */
export async function servePrivately(...credentials: string[]): Promise<PrivateGitServer> {
  const { folder, name, commit } = await makeRepository();
  const host = await bridgeAddress();
  const { key, certificate } = await makeCertificate(folder, host);
  const seen: string[] = [];
  const redirects = new Map<string, string>();
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "https://here");
    const [first = ""] = pathname.split("/").slice(1);
    const target = redirects.get(first);
    if (target) {
      response.writeHead(302, { Location: target + pathname.slice(first.length + 1) + search }).end();
      return;
    }
    const sent = credentialsOf(request);
    if (sent !== null) seen.push(sent);
    const isKnown =
      sent !== null && credentials.some((known) => known === sent || known === sent.replace(/^[^:]*:/, ""));
    if (isKnown) answer(folder, { pathname, query: search.slice(1) }, request, response);
    else response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("The server has no port.");
  const origin = `https://${host}:${address.port}`;
  return {
    url: `${origin}/${name}`,
    commit,
    certificate,
    seen,
    redirectTo: (url) => {
      redirects.set(`moved-${redirects.size}`, url);
      return `${origin}/moved-${redirects.size - 1}`;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

async function makeCertificate(folder: string, host: string): Promise<{ key: string; certificate: string }> {
  const [keyFile, file] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const names = ["-subj", "/CN=Kiln's tests", "-addext", `subjectAltName=IP:${host}`];
  await run("openssl", ["req", "-x509", ...kind, ...names, "-keyout", keyFile, "-out", file]);
  return { key: await readFile(keyFile, "utf8"), certificate: await readFile(file, "utf8") };
}

function credentialsOf(request: IncomingMessage): string | null {
  const basic = /^Basic (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  return basic === undefined ? null : Buffer.from(basic, "base64").toString();
}

/** One request as a CGI program sees it; a head, an empty line and a body come back. */
function answer(
  root: string,
  { pathname, query }: { pathname: string; query: string },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const header = (name: string) => String(request.headers[name] ?? "");
  const backend = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      HTTP_GIT_PROTOCOL: header("git-protocol"),
    },
  });
  request.pipe(backend.stdin);
  buffer(backend.stdout).then(
    (out) => {
      const end = out.indexOf("\r\n\r\n");
      const head = out
        .toString("latin1", 0, end)
        .split("\r\n")
        .map((line) => line.split(/: (.*)/s, 2));
      const status = Number.parseInt(head.find(([name]) => name === "Status")?.[1] ?? "200", 10);
      response
        .writeHead(status, head.filter(([name]) => name !== "Status").flat())
        .end(out.subarray(end + 4));
    },
    (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
  );
}
