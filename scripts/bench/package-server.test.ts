import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { servePackages } from "./package-server";

const SIZE = 300_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "kiln-bench-test-"));
  await writeFile(path.join(folder, "a+b_1.0.deb"), Buffer.alloc(SIZE, "x"));
});
afterAll(() => rm(folder, { recursive: true }));

test("what is in the folder is served, and nothing else", async () => {
  const server = await servePackages(folder, "127.0.0.1");
  const found = await fetch(`${server.url}./a%2bb_1.0.deb`);
  expect((await found.bytes()).length).toBe(SIZE);
  for (const missing of ["InRelease", "", "..%2f..%2fetc%2fpasswd"])
    expect((await fetch(`${server.url}${missing}`)).status).toBe(404);
  await server.close();
});

test("a connection has the given speed, for all that is asked on it together", async () => {
  const server = await servePackages(folder, "127.0.0.1", 1_000_000);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const started = performance.now();
  const sizes = await Promise.all(
    [1, 2].map(
      () =>
        new Promise<number>((resolve, reject) => {
          get(`${server.url}a+b_1.0.deb`, { agent }, (response) => {
            let size = 0;
            response.on("data", (chunk: Buffer) => {
              size += chunk.length;
            });
            response.on("end", () => resolve(size));
          }).on("error", reject);
        }),
    ),
  );
  expect(sizes).toEqual([SIZE, SIZE]);
  expect(performance.now() - started).toBeGreaterThan(550);
  agent.destroy();
  await server.close();
});
