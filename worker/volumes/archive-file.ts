/** Compressed tars on the worker's disk. One has its name only when all of it is there, and is read again before it counts. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { env } from "@/lib/env.server";

export interface ArchiveFacts {
  bytes: number;
  sha256: string;
}

/** Fast: what people write in sandboxes is mostly text, and the disk is slower than this. */
const LEVEL = 3;

const folder = () => path.resolve(env().KILN_DATA_DIR, "archives");
const placeOf = (name: string) => path.join(folder(), path.basename(name));

/** Written, synced, given its name, and read again. @throws when it isn't the same then. */
export async function writeArchive(
  name: string,
  tar: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<ArchiveFacts> {
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  const place = placeOf(name);
  const part = `${place}.part`;
  try {
    const counted = counting();
    const file = createWriteStream(part, { mode: 0o600, flush: true });
    await pipeline(
      Readable.from(tar, { objectMode: false }),
      createGzip({ level: LEVEL }),
      counted.stream,
      file,
      {
        signal,
      },
    );
    await rename(part, place);
    await syncFolder();
    const facts = counted.facts();
    await verifyArchive(name, facts.sha256, signal);
    return facts;
  } catch (error) {
    await rm(part, { force: true });
    await rm(place, { force: true });
    throw error;
  }
}

/** Reads all of it: the bytes are those that were written, and they can be unpacked. @throws when not. */
export async function verifyArchive(name: string, sha256: string, signal: AbortSignal): Promise<void> {
  const counted = counting();
  const drain = new Transform({ transform: (_chunk, _encoding, done) => done() });
  drain.resume();
  await pipeline(createReadStream(placeOf(name)), counted.stream, createGunzip(), drain, { signal });
  if (counted.facts().sha256 !== sha256)
    throw new Error(`The archive ${name} isn't what was written: its checksum is another one.`);
}

/** The tar that is in it. */
export function readArchive(name: string): AsyncIterable<Uint8Array> {
  const unpacked = createGunzip();
  const file = createReadStream(placeOf(name));
  file.once("error", (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

export const hasArchive = (name: string): Promise<boolean> =>
  stat(placeOf(name)).then(
    (found) => found.isFile(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );

/** By the names that rows have for them: a part counts as what it becomes. */
export async function listArchives(): Promise<Array<{ name: string; file: string }>> {
  const files = await readdir(folder()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return files
    .filter((file) => /\.tar\.gz(?:\.part)?$/.test(file))
    .map((file) => ({ file, name: file.replace(/\.part$/, "") }));
}

export const removeArchive = (file: string): Promise<void> => rm(placeOf(file), { force: true });

function counting(): { stream: Transform; facts: () => ArchiveFacts } {
  const hash = createHash("sha256");
  let bytes = 0;
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, facts: () => ({ bytes, sha256: hash.copy().digest("hex") }) };
}

/** A name is only on the disk when its folder is. */
async function syncFolder(): Promise<void> {
  const handle = await open(folder());
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
