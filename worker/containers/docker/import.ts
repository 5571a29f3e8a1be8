/** Files into a container's folder, from a tar that was taken of one. */
import { Readable } from "node:stream";
import type { Client } from "./client";
import { withDeadline } from "./deadline";

/** A tar that breaks off ends the request, and nothing of it counts. The deadline is a commit's: it is as much work. */
export async function importFolder(
  client: Client,
  container: string,
  path: string,
  tar: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const source = Readable.from(tar, { objectMode: false });
  const broken = new AbortController();
  source.once("error", (error) => broken.abort(error));
  try {
    await withDeadline(
      "import folder",
      client.deadlines.capture,
      (abortSignal) =>
        client.docker
          .getContainer(container)
          .putArchive(source, { path, noOverwriteDirNonDir: "1", abortSignal }),
      AbortSignal.any([signal, broken.signal]),
    );
  } finally {
    source.destroy();
  }
}
