/** Reads a file system that comes as a tar, once and in constant memory. Nothing of it is ever run. */

import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import { type Extract, extract, type Header } from "tar-stream";
import { heardLater } from "@/lib/heard-later";
import type { Manager, Reading } from "@/lib/inventories/content";
import { apkList, dpkgList, type LineReader, readManifest, readMetadata } from "./package-lists";
import { isEnginesOwn, linkTarget, type Place, placeOf, plain, topFolder } from "./places";
import { Tally } from "./tally";

/** A list's line that is longer says nothing that is looked for. */
const LONGEST_LINE = 64 * 1024;
/** The head of a `METADATA`, all of a `package.json`. */
const MOST_TEXT = 1024 * 1024;

/** Bytes, though tar-stream's entries don't say so. */
type Bytes = AsyncIterable<unknown>;

/**
 * @param folders those of `PATH`, without their first slash
 * @throws what the source throws; Error when it is no whole tar.
 */
export async function readTar(
  source: AsyncIterable<Uint8Array>,
  folders: ReadonlySet<string>,
): Promise<Reading> {
  const tally = new Tally();
  const pathFolders = new Set(folders);
  const entries = extract();
  const feeding = feed(source, entries);
  // It is awaited at the end of the reading, which may come later than its failure.
  void heardLater(feeding);
  try {
    for await (const entry of entries) {
      const file = plain(entry.header.name);
      count(entry.header, file, tally, pathFolders);
      const place = isFile(entry.header) ? placeOf(file) : null;
      if (place) await readList(place, entry, tally);
      else for await (const _ of entry);
    }
  } catch (error) {
    entries.destroy();
    // A source that broke is the reason why the tar did.
    await feeding;
    throw error;
  }
  await feeding;
  return tally.reading();
}

async function feed(source: AsyncIterable<Uint8Array>, entries: Extract): Promise<void> {
  const over = new AbortController();
  entries.once("close", () => over.abort());
  try {
    for await (const data of source) {
      if (entries.destroyed) return;
      if (!entries.write(data)) await once(entries, "drain", { signal: over.signal });
    }
    entries.end(null);
  } catch (error) {
    // The reader has left, and says why itself.
    if (over.signal.aborted) return;
    entries.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

const isFile = ({ type }: Header) => type === "file" || type === "contiguous-file";
const isLink = ({ type }: Header) => type === "link" || type === "symlink";

function count(header: Header, file: string, tally: Tally, pathFolders: Set<string>): void {
  if (file === "" || isEnginesOwn(file) || !(isFile(header) || isLink(header))) return;
  tally.addFile(topFolder(file), isFile(header) ? (header.size ?? 0) : 0);
  const executable = ((header.mode ?? 0) & 0o111) !== 0;
  const folder = file.slice(0, Math.max(0, file.lastIndexOf("/")));
  // `/bin` is often a link to `/usr/bin`: its programs stand there, and come later in the tar.
  if (header.type === "symlink" && pathFolders.has(file))
    pathFolders.add(linkTarget(file, header.linkname ?? ""));
  else if (executable && pathFolders.has(folder)) tally.addProgram(`/${file}`);
}

async function readList(place: Place, entry: Bytes, tally: Tally): Promise<void> {
  const add = (manager: Manager) => (name: string, version: string) =>
    tally.addPackage(manager, name, version);
  if (place === "dpkg") return readLines(entry, dpkgList(add("apt")));
  if (place === "apk") return readLines(entry, apkList(add("apk")));
  const text = await textOf(entry);
  if (place === "rpm") tally.addUnreadable("rpm");
  else if (place === "pip") readMetadata(text.head, add("pip"));
  else if (text.cut) tally.cutShort();
  else readManifest(text.head, add("npm"));
}

async function readLines(entry: Bytes, reader: LineReader): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const data of entry) {
    const lines = (rest + decoder.write(bytesOf(data))).split("\n");
    rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    for (const line of lines) reader.line(line);
  }
  if (rest !== "") reader.line(rest);
  reader.end();
}

async function textOf(entry: Bytes): Promise<{ head: string; cut: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of entry) {
    const data = bytesOf(chunk);
    // Read to its end in any case: the next entry stands behind it.
    if (size < MOST_TEXT) parts.push(data.slice(0, MOST_TEXT - size));
    size += data.length;
  }
  return { head: Buffer.concat(parts).toString("utf8"), cut: size > MOST_TEXT };
}

function bytesOf(data: unknown): Buffer {
  if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  throw new Error("a tar's entry gave something else than bytes");
}
