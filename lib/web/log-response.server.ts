/** A log as a streamed answer: text for people and pipes, ndjson for programs. */
import type { LogLine, SnapshotWire } from "@/lib/snapshots/wire";

const formats = {
  text: { type: "text/plain; charset=utf-8", extension: "log", write: (line: LogLine) => line.text },
  ndjson: {
    type: "application/x-ndjson",
    extension: "ndjson",
    write: (line: LogLine) => JSON.stringify(line),
  },
};

/** Pulled batch by batch: the reader's pace is the database's. */
export function logResponse(
  snapshot: SnapshotWire,
  format: keyof typeof formats,
  batches: AsyncGenerator<LogLine[], void, void>,
): Response {
  const { type, extension, write } = formats[format];
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(sink) {
      const next = await batches.next();
      if (next.done) return sink.close();
      sink.enqueue(encoder.encode(`${next.value.map(write).join("\n")}\n`));
    },
    async cancel() {
      await batches.return();
    },
  });
  const of = snapshot.version === null ? "try" : `v${snapshot.version}-snapshot`;
  const name = `${snapshot.profile.slug}-${of}-${snapshot.number}.${extension}`;
  return new Response(body, {
    headers: {
      "content-type": type,
      "cache-control": "no-store",
      "content-disposition": `inline; filename="${name}"`,
      "x-content-type-options": "nosniff",
    },
  });
}
