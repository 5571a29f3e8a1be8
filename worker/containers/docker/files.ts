/** Files in a container, before it is started too. */
import path from "node:path/posix";
import { Readable } from "node:stream";
import { type Pack, pack } from "tar-stream";
import type { FileToWrite } from "../types";
import type { Client } from "./client";
import { openStream, withDeadline } from "./deadline";
import { isEngineError } from "./errors";
import { inspectContainer } from "./inspect";

/** Added to the deadline of a write for each MB: a slow host shall not fail for large content. */
const MILLISECONDS_PER_MB = 1000;

/** Does this path exist in the container's file system, volumes included? A link counts without its target. */
export async function hasPath(client: Client, container: string, wanted: string): Promise<boolean> {
  try {
    await look(client, container, wanted);
    return true;
  } catch (error) {
    if (isEngineError(error, "not_found")) {
      // The engine says the same when the container is missing; this tells them apart.
      await inspectContainer(client, container);
      return false;
    }
    if (!isEngineError(error, "failed") || wanted === "/") throw error;
    // So it answers when a part of the way is a file, without a word about it, and when the file system can't
    // be read; then its root can't, either.
    await look(client, container, "/");
    return false;
  }
}

async function look(client: Client, container: string, path: string): Promise<void> {
  const { close } = await openStream("look for a path", client.deadlines.slow, (abortSignal) =>
    client.docker.getContainer(container).infoArchive({ path, abortSignal }),
  );
  close();
}

/** Writes files as root's, making missing folders (0755). Existing folders keep their mode and owner. */
export async function writeFiles(client: Client, container: string, files: FileToWrite[]): Promise<void> {
  if (files.length === 0) return;
  const folders = await missingFolders(client, container, files);
  const archive = pack();
  const megabytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0) / 1024 / 1024;
  const deadline = client.deadlines.slow + megabytes * MILLISECONDS_PER_MB;
  // A folder isn't replaced by a file that has its name.
  const options = { path: "/", noOverwriteDirNonDir: "1" };
  const written = withDeadline("write files", deadline, (abortSignal) =>
    client.docker.getContainer(container).putArchive(Readable.from(archive), { ...options, abortSignal }),
  );
  try {
    await Promise.all([written, fill(archive, folders, files)]);
  } finally {
    // After a refusal nobody reads the archive any more; this ends the filling.
    archive.destroy();
  }
}

/**
 * The folders that have to be made, parents first. They are looked up, because an archive's entry for a folder
 * that exists would change its mode (of /tmp, say), and what engines do about one without an entry differs.
 */
async function missingFolders(client: Client, container: string, files: FileToWrite[]): Promise<string[]> {
  const known = new Map<string, boolean>([["/", true]]);
  for (const file of files) {
    let folder = path.dirname(file.path);
    while (!known.has(folder)) {
      const exists = await hasPath(client, container, folder);
      known.set(folder, exists);
      if (exists) break;
      folder = path.dirname(folder);
    }
  }
  return [...known].flatMap(([folder, exists]) => (exists ? [] : [folder])).sort();
}

/** The kind of file isn't written; but a mode of 0 would be taken for none, and become 0644. */
const REGULAR = 0o100_000;

async function fill(archive: Pack, folders: string[], files: FileToWrite[]): Promise<void> {
  const owner = { uid: 0, gid: 0, mtime: new Date() };
  const relative = (absolute: string) => absolute.replace(/^\/+/, "");
  for (const folder of folders)
    await add(archive, { ...owner, name: `${relative(folder)}/`, type: "directory", mode: 0o755 });
  for (const file of files)
    await add(
      archive,
      { ...owner, name: relative(file.path), type: "file", mode: REGULAR | file.mode },
      file.content,
    );
  archive.finalize();
}

/** Resolves when the connection has taken the entry, so that no more than one waits in memory. */
function add(
  archive: Pack,
  header: Parameters<Pack["entry"]>[0],
  content: FileToWrite["content"] = "",
): Promise<void> {
  const bytes =
    typeof content === "string"
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return new Promise((resolve, reject) => {
    archive.entry(header, bytes, (error) => (error ? reject(error) : resolve()));
  });
}
