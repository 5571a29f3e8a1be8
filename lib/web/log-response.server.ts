/** A log as a streamed answer: text for people and pipes, ndjson for programs. */
import { stripVTControlCharacters } from "node:util";
import { clipped } from "@/lib/logs/clip";
import type { LogLine, SnapshotWire } from "@/lib/snapshots/wire";
import type { OpenStream } from "./streams.server";

const formats = {
  text: { type: "text/plain; charset=utf-8", extension: "log", write: (line: LogLine) => line.text },
  plain: {
    type: "text/plain; charset=utf-8",
    extension: "txt",
    write: (line: LogLine) => stripVTControlCharacters(line.text),
  },
  ndjson: {
    type: "application/x-ndjson",
    extension: "ndjson",
    write: (line: LogLine) => JSON.stringify(clipped(line)),
  },
};

export interface LogAnswer {
  format: keyof typeof formats;
  /** To be saved, and not shown by the browser. */
  download: boolean;
  open: OpenStream;
}

/** Pulled batch by batch: the reader's pace is the database's, and a log of any size takes no memory. */
export function logResponse(
  snapshot: SnapshotWire,
  { format, download, open }: LogAnswer,
  batches: AsyncGenerator<LogLine[], void, void>,
): Response {
  const { type, extension, write } = formats[format];
  open.signal.addEventListener("abort", open.close, { once: true });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(sink) {
        try {
          const next = await batches.next();
          // Cut off, and not ended: whoever saves it has to see that it isn't whole.
          open.signal.throwIfAborted();
          if (!next.done) return sink.enqueue(encoder.encode(`${next.value.map(write).join("\n")}\n`));
          sink.close();
          open.close();
        } catch (error) {
          open.close();
          sink.error(error);
        }
      },
      async cancel() {
        open.close();
        await batches.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": type,
      "cache-control": "no-store",
      "content-disposition": `${download ? "attachment" : "inline"}; filename="${fileName(snapshot)}.${extension}"`,
      "x-content-type-options": "nosniff",
    },
  });
}

/** Slugs are of small letters, digits and hyphens. */
function fileName({ profile, version, number }: SnapshotWire): string {
  return `${profile.slug}-${version === null ? "try" : `v${version}-snapshot`}-${number}`;
}
