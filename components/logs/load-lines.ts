/** Lines of a log by their numbers, over the API. */
import { AppError } from "@/lib/errors";
import { type LogLine, logLineSchema } from "@/lib/snapshots/wire";

/** @throws AppError when the server refuses or can't be reached. */
export async function loadLines(
  snapshotId: string,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<LogLine[]> {
  const range = new URLSearchParams({ after: `${from - 1}`, limit: `${to - from + 1}` });
  const response = await fetch(`/api/v1/snapshots/${encodeURIComponent(snapshotId)}/log?${range}`, {
    signal,
    headers: { accept: "application/x-ndjson" },
  });
  if (!response.ok) throw new AppError(500, "unexpected", `The server answered ${response.status}.`);
  const text = await response.text();
  return text
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => logLineSchema.parse(JSON.parse(row)));
}
