/** A log as a streamed answer: text for people and pipes, ndjson for programs. */
import { stripVTControlCharacters } from "node:util";
import { clipped } from "@/lib/logs/clip";
import type { LogLine, SnapshotWire } from "@/lib/snapshots/wire";
import { pulledBody } from "./pulled-body.server";
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

/** Pulled batch by batch. */
export function logResponse(
  snapshot: SnapshotWire,
  { format, download, open }: LogAnswer,
  batches: AsyncGenerator<LogLine[], void, void>,
): Response {
  const { type, extension, write } = formats[format];
  const encoder = new TextEncoder();
  const body = pulledBody(open, batches, (lines) => encoder.encode(`${lines.map(write).join("\n")}\n`));
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
