/** The browser's way to a command's output as it comes. */

import type { Result } from "@/lib/errors";
import { problemOf } from "@/lib/fetch-json";
import { type ExecAnswer, type ExecRequest, execFrameSchema } from "./wire";

/** All that was printed so far, of each output the end. */
export type OnOutput = (live: Pick<ExecAnswer, "stdout" | "stderr" | "truncated">) => void;

/** Of each output: what a page can hold. */
const KEPT_CHARACTERS = 1024 * 1024;

/** Runs a command in a session. @returns as a server action does; never throws but when the server can't be reached. */
export async function streamExec(
  sessionId: string,
  request: ExecRequest,
  onOutput: OnOutput,
): Promise<Result<ExecAnswer>> {
  const response = await fetch(`/api/v1/sessions/${encodeURIComponent(sessionId)}/exec`, {
    method: "POST",
    headers: { accept: "application/x-ndjson", "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  if (!response.ok || !response.body) return failed(problemOf(response.status, await response.json()));
  const said = { stdout: "", stderr: "", truncated: false };
  for await (const line of linesOf(response.body)) {
    const frame = execFrameSchema.parse(JSON.parse(line));
    if ("error" in frame) return failed(frame.error);
    if ("exitCode" in frame)
      return {
        ok: true,
        value: { ...said, exitCode: frame.exitCode, truncated: said.truncated || frame.truncated },
      };
    const all = said[frame.stream] + frame.text;
    said[frame.stream] = all.slice(-KEPT_CHARACTERS);
    said.truncated ||= all.length > KEPT_CHARACTERS;
    onOutput({ ...said });
  }
  return failed({ code: "cut_off", message: "The connection was cut. The command may still run." });
}

function failed({ code, message }: { code: string; message: string }): Result<never> {
  return { ok: false, error: { code, message, fields: [], extra: {} } };
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (held + decoder.decode(value, { stream: true })).split("\n");
    held = lines.pop() ?? "";
    yield* lines;
  }
}
