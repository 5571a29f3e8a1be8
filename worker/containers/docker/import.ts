/** Files into a container's folder, from a tar that was taken of one. */
import { Readable } from "node:stream";
import type { Client } from "./client";
import { DeadlineError, withDeadline } from "./deadline";

/** All of it may take longer than a commit does: it is as much work, and there may be far more of it. */
const TIMES_A_CAPTURE = 10;

/** A tar that breaks off ends the request, and nothing of it counts; so does an engine that takes no more of it. */
export async function importFolder(
  client: Client,
  container: string,
  path: string,
  tar: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const broken = new AbortController();
  const silence = setTimeout(
    () => broken.abort(new DeadlineError("import folder", client.deadlines.slow)),
    client.deadlines.slow,
  );
  const source = Readable.from(heard(tar, silence), { objectMode: false });
  source.once("error", (error) => broken.abort(error));
  try {
    await withDeadline(
      "import folder",
      client.deadlines.capture * TIMES_A_CAPTURE,
      (abortSignal) =>
        client.docker
          .getContainer(container)
          .putArchive(source, { path, noOverwriteDirNonDir: "1", abortSignal }),
      AbortSignal.any([signal, broken.signal]),
    );
  } finally {
    clearTimeout(silence);
    source.destroy();
  }
}

/** Each piece that is taken is a sign of life. */
async function* heard(tar: AsyncIterable<Uint8Array>, silence: NodeJS.Timeout) {
  for await (const piece of tar) {
    silence.refresh();
    yield piece;
  }
  silence.refresh();
}
