"use client";

import { useEffect, useState } from "react";
import { z } from "zod";
import { addText, type KeptLine } from "@/lib/sandboxes/log-lines";
import { containerLogAddress } from "@/lib/sandboxes/queries";

export type LogState =
  | { kind: "connecting" }
  | { kind: "following" }
  /** It tries again by itself. */
  | { kind: "away" }
  | { kind: "ended"; message: string };

const textSchema = z.object({ text: z.string() });
const endSchema = z.object({ message: z.string() });
/** After an answer that a browser gives up on. */
const AGAIN_MS = 5_000;

/** A container's log, followed while it is shown: each connection begins with its end anew. */
export function useContainerLog(
  sessionId: string,
  enabled: boolean,
): { lines: readonly KeptLine[]; state: LogState } {
  const [lines, setLines] = useState<readonly KeptLine[]>([]);
  const [state, setState] = useState<LogState>({ kind: "connecting" });
  useEffect(() => {
    if (!enabled) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let source: EventSource | undefined;
    const connect = () => {
      const stream = new EventSource(containerLogAddress(sessionId));
      source = stream;
      const on = (type: string, take: (data: unknown) => void) =>
        stream.addEventListener(type, (event: MessageEvent<unknown>) => take(JSON.parse(String(event.data))));
      on("begin", () => {
        setLines([]);
        setState({ kind: "following" });
      });
      on("text", (data) => {
        const { text } = textSchema.parse(data);
        setLines((known) => addText(known, text));
      });
      on("end", (data) => {
        stream.close();
        setState({ kind: "ended", message: endSchema.parse(data).message });
      });
      stream.addEventListener("error", () => {
        setState({ kind: "away" });
        // What was cut it comes back to by itself; what was refused it doesn't.
        if (stream.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS);
      });
    };
    setState({ kind: "connecting" });
    connect();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [sessionId, enabled]);
  return { lines, state };
}
