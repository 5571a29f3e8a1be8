/** Whole tars through the reader, cut into pieces at awkward places. */
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { expect, it } from "vitest";
import { readTar } from "./read-tar";

type Entry = Parameters<ReturnType<typeof pack>["entry"]>[0] & { content?: string };

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = "", ...header } of entries) archive.entry(header, content);
  archive.finalize();
  return buffer(archive);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const folders = new Set(["bin", "usr/local/bin"]);
const read = async (entries: readonly Entry[], size = 700) =>
  readTar(inPieces(await tarOf(entries), size), folders);

const dpkg = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\nMaintainer: Zoë\n\n`;

it.each([1, 511, 700, 1_000_000])("reads lists, programs and sizes, in pieces of %i", async (size) => {
  const reading = await read(
    [
      { name: ".dockerenv", mode: 0o755 },
      { name: "bin", type: "symlink", linkname: "usr/bin" },
      { name: "dev/null", type: "character-device" },
      { name: "hello.txt", content: "hello" },
      { name: "usr/", type: "directory" },
      { name: "usr/bin/tool", mode: 0o755, content: "#!" },
      { name: "usr/bin/alias", type: "link", linkname: "usr/bin/tool", mode: 0o755 },
      { name: "usr/local/bin/link", type: "symlink", linkname: "/opt/x", mode: 0o777 },
      { name: "usr/local/bin/notes", mode: 0o644, content: "no program" },
      { name: "usr/local/bin/deeper/tool", mode: 0o755 },
      { name: "usr/local/lib/node_modules/a/package.json", content: '{"name":"a","version":"1.0.0"}' },
      { name: "var/lib/dpkg/status", content: dpkg("zoë", "1") + dpkg("awk", "2") },
      {
        name: "usr/lib/python3.12/site-packages/six-1.dist-info/METADATA",
        content: "Name: six\nVersion: 1\n\n",
      },
      { name: "var/lib/rpm/Packages", content: "binary" },
    ],
    size,
  );
  expect(reading.packages).toEqual([
    { manager: "apt", name: "awk", version: "2" },
    { manager: "apt", name: "zoë", version: "1" },
    { manager: "npm", name: "a", version: "1.0.0" },
    { manager: "pip", name: "six", version: "1" },
  ]);
  expect(reading.programs).toEqual(["/usr/bin/alias", "/usr/bin/tool", "/usr/local/bin/link"]);
  expect(reading.unreadable).toEqual(["rpm"]);
  expect(reading.truncated).toBe(false);
  expect(reading.folders.map(({ path }) => path).toSorted()).toEqual(["/", "/usr", "/var"]);
  expect(reading.folders.find(({ path }) => path === "/")).toEqual({ path: "/", files: 2, bytes: 5 });
  expect(reading.files).toBe(11);
  expect(reading.bytes).toBe(reading.folders.reduce((sum, { bytes }) => sum + bytes, 0));
});

it("joins the versions of a package that is there twice, and leaves control characters out", async () => {
  const manifest = (version: string) => `{"name":"a\\u0000b","version":"${version}"}`;
  const reading = await read([
    { name: "usr/lib/node_modules/a/package.json", content: manifest("2.0.0") },
    { name: "usr/local/lib/node_modules/a/package.json", content: manifest("1.0.0") },
  ]);
  expect(reading.packages).toEqual([{ manager: "npm", name: "ab", version: "1.0.0, 2.0.0" }]);
});

it("keeps the largest folders, and counts the others together", async () => {
  const entries = Array.from({ length: 40 }, (_, i) => ({ name: `f${i}/a`, content: "x".repeat(i + 1) }));
  const { folders: found, bytes } = await read(entries, 100_000);
  expect(found).toHaveLength(31);
  expect(found[0]).toEqual({ path: "/f39", files: 1, bytes: 40 });
  expect(found.at(-1)).toEqual({ path: "others", files: 10, bytes: 55 });
  expect(bytes).toBe(820);
});

it("says so when there are more programs than are kept", async () => {
  const entries = Array.from({ length: 20_001 }, (_, i) => ({ name: `usr/local/bin/p${i}`, mode: 0o755 }));
  const reading = await read(entries, 1_000_000);
  expect(reading.programs).toHaveLength(20_000);
  expect(reading).toMatchObject({ truncated: true, files: 20_001 });
});

it("throws what its source throws, and for what is no whole tar", async () => {
  const whole = await tarOf([{ name: "a", content: "x".repeat(3_000) }]);
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield whole.subarray(0, 1_000);
    throw new Error("the engine is gone");
  }
  await expect(readTar(breaking(), folders)).rejects.toThrow("the engine is gone");
  await expect(readTar(inPieces(whole.subarray(0, 1_000), 300), folders)).rejects.toThrow();
  await expect(readTar(inPieces(Buffer.alloc(4_096, "no tar"), 300), folders)).rejects.toThrow();
});
