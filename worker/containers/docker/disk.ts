/** The disk that the engine keeps everything on. */
import { statfs } from "node:fs/promises";
import type { EngineDisk } from "../types";
import type { Client } from "./client";

/** Sizes are null when the engine is on another machine, or its folder can't be seen from here. */
export async function disk(client: Client): Promise<EngineDisk> {
  const { dataRoot } = await client.facts();
  const unknown = { dataRoot, freeBytes: null, totalBytes: null };
  if (!client.local || dataRoot === "") return unknown;
  try {
    const { bavail, blocks, bsize } = await statfs(dataRoot);
    return { dataRoot, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" || code === "EACCES" || code === "ENOTDIR") return unknown;
    throw error;
  }
}
