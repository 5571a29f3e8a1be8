/** Serves the same log to other viewers. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { bigLine } from "@/prisma/factories/big-log";

export interface BesideServer {
  address: string;
  close: () => Promise<void>;
}

export async function serveBeside(): Promise<BesideServer> {
  const { outputFiles } = await build({
    entryPoints: ["scripts/bench/viewers-beside.tsx"],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const script = outputFiles[0]?.text ?? "";
  const logs = new Map<string, Buffer>();
  const logOf = (lines: string): Buffer => {
    const known = logs.get(lines);
    if (known) return known;
    const texts = Array.from({ length: Number(lines) }, (_, index) => bigLine(index + 1));
    const log = Buffer.from(`${texts.join("\n")}\n`);
    logs.set(lines, log);
    return log;
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://beside");
    const [, what, lines = ""] = pathname.split("/");
    if (what === "log") response.setHeader("content-type", "text/plain; charset=utf-8").end(logOf(lines));
    else if (what === "script.js") response.setHeader("content-type", "text/javascript").end(script);
    else
      response
        .setHeader("content-type", "text/html; charset=utf-8")
        .end('<!doctype html><div id="root"></div><script type="module" src="/script.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
