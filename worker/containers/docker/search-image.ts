/** Searching an image as the engine saves it: a tar of layers, which are tars, and of JSON files. */
import { pipeline, Readable } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { extract, type Header } from "tar-stream";
import { z } from "zod";
import { EngineError, type Search } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { openStream } from "./deadline";
import { toEngineError } from "./errors";
import { get } from "./get";
import { idleGuard } from "./idle";

interface Place {
  found: string;
  path: string;
}
/** Bytes, though neither tar's nor zlib's streams say so. */
type Bytes = AsyncIterable<unknown>;

const inspected = z.object({ RootFS: z.object({ Layers: z.array(z.string()).default([]) }) });
const manifestAnswer = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()) })).min(1);

const MANIFEST = "manifest.json";
const TAR_BLOCK = 512;
const MOST_KNOWN = 1000;
const CONFIGURATION = "its configuration";

/**
 * See `Engine.searchImage`. Which layers are the base's is told by the archive's end, so theirs are searched, too, the
 * first time; from then on their names in an archive are known, and they are passed by.
 */
export async function searchImage(
  client: Client,
  image: string,
  base: string,
  newSearch: () => Search,
  signal: AbortSignal,
): Promise<Place | null> {
  const [own, under] = await Promise.all([layersOf(client, image), layersOf(client, base)]);
  const shared = under.every((layer, index) => own[index] === layer) ? under.length : 0;
  // The last layer's name changes when another one comes on top of it.
  const chains = own
    .slice(0, Math.min(shared, own.length - 1))
    .map((_, index) => own.slice(0, index + 1).join());
  const known = new Set(chains.flatMap((chain) => client.savedLayers.get(chain) ?? []));
  const opened = await openStream(
    "save image",
    client.deadlines.capture,
    () => client.docker.getImage(image).get(),
    signal,
  );
  signal.addEventListener("abort", opened.close, { once: true });
  const idle = idleGuard("save image", opened, client.deadlines.slow);
  opened.stream.on("data", idle.resume);
  try {
    const places = new Map<string, Place>();
    let manifest = "";
    for await (const entry of through(opened.stream, extract())) {
      const { name } = entry.header;
      if (name === MANIFEST) manifest = await textOf(entry);
      else if (known.has(name)) entry.resume();
      else {
        const place = await searchPart(entry, newSearch);
        if (place) places.set(name, place);
      }
    }
    signal.throwIfAborted();
    if (manifest === "") throw new EngineError("unavailable", "The engine's copy of the image was cut off.");
    const [saved] = understood(manifestAnswer, JSON.parse(manifest), "save image");
    if (client.savedLayers.size > MOST_KNOWN) client.savedLayers.clear();
    for (const [index, chain] of chains.entries()) {
      const name = saved?.Layers[index];
      if (name) client.savedLayers.set(chain, name);
    }
    const counted = new Set([saved?.Config ?? "", ...(saved?.Layers.slice(shared) ?? [])]);
    // A layer's folder has files of its own beside the layer.
    for (const [name, place] of places)
      if (counted.has(name) || [...counted].some((one) => one === name.replace(/[^/]+$/, "layer.tar")))
        return place;
    return null;
  } catch (error) {
    signal.throwIfAborted();
    idle.throwIfOver();
    throw toEngineError(error);
  } finally {
    opened.stream.off("data", idle.resume);
    idle.pause();
    signal.removeEventListener("abort", opened.close);
    opened.close();
  }
}

async function layersOf(client: Client, image: string): Promise<string[]> {
  const answer = await get(client.docker, `/images/${image}/json`, client.deadlines.quick);
  return understood(inspected, answer, "inspect image").RootFS.Layers;
}

/** A layer, plain or compressed, or anything else. Reads it to its end in any case. */
async function searchPart(part: Bytes, newSearch: () => Search): Promise<Place | null> {
  const { head, all } = await peek(part);
  if (head.length === 0) return null;
  const unpacker = unpackerOf(head);
  if (unpacker) return searchPart(through(Readable.from(all, { objectMode: false }), unpacker), newSearch);
  if (head.toString("latin1", 257, 262) !== "ustar") {
    const found = await search(all, newSearch());
    return found === null ? null : { found, path: CONFIGURATION };
  }
  let place: Place | null = null;
  for await (const file of through(Readable.from(all, { objectMode: false }), extract())) {
    const { name } = file.header;
    const found = (await search(file, newSearch())) ?? newSearch().push(Buffer.from(wordsOf(file.header)));
    if (found !== null) place ??= { found, path: `/${name.replace(/^\/+/, "")}` };
  }
  return place;
}

/** As `pipe` does it; and one that breaks off breaks the other, whose reader would wait for ever. */
function through<T extends NodeJS.WritableStream>(source: Readable, target: T): T {
  // Whoever reads it is told.
  pipeline(source, target, () => undefined);
  return target;
}

/** Some engines keep and save their layers compressed. */
function unpackerOf(head: Buffer) {
  const magic = head.toString("hex", 0, 4);
  if (magic.startsWith("1f8b")) return createGunzip();
  return magic === "28b52ffd" ? createZstdDecompress() : null;
}

/** What a layer says of a file besides its bytes. */
function wordsOf({ name, linkname, pax }: Header): string {
  return [name, linkname ?? "", ...Object.values(pax ?? {})].join("\n");
}

async function search(bytes: Bytes, search: Search): Promise<string | null> {
  let found: string | null = null;
  for await (const data of bytes) found ??= search.push(asBytes(data));
  return found;
}

/** The first block, and all of it with that put back. */
async function peek(part: Bytes): Promise<{ head: Buffer; all: Bytes }> {
  const rest = part[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < TAR_BLOCK) {
    const next = await rest.next();
    if (next.done) break;
    head = Buffer.concat([head, asBytes(next.value)]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield asBytes(next.value);
  }
  return { head, all: all() };
}

function asBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  throw new EngineError("failed", "The engine's copy of the image can't be read.");
}

async function textOf(bytes: Bytes): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const data of bytes) parts.push(asBytes(data));
  return Buffer.concat(parts).toString();
}
