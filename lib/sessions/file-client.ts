/** The browser's way to a session's files. */
import { AppError } from "@/lib/errors";
import { problemOf } from "@/lib/fetch-json";

export const fileAddress = (id: string, path: string) =>
  `/api/v1/sessions/${encodeURIComponent(id)}/files?path=${encodeURIComponent(path)}`;

/** More of a file isn't shown in a page. */
export const MOST_SHOWN = 256 * 1024;

export type Shown = { kind: "text"; text: string } | { kind: "large" | "binary"; bytes: number };

/** @throws AppError what the API refused. */
export async function readText(id: string, path: string, signal: AbortSignal): Promise<Shown> {
  const response = await ask(id, path, { signal });
  const bytes = Number(response.headers.get("x-file-size"));
  if (bytes > MOST_SHOWN) {
    await response.body?.cancel();
    return { kind: "large", bytes };
  }
  const content = new Uint8Array(await response.arrayBuffer());
  if (content.includes(0)) return { kind: "binary", bytes };
  return { kind: "text", text: new TextDecoder().decode(content) };
}

/** @throws AppError what the API refused. */
export async function uploadFile(id: string, path: string, file: File): Promise<void> {
  const headers = { "content-type": "application/octet-stream" };
  await ask(id, path, { method: "PUT", body: file, headers });
}

/** @throws AppError what the API refused. */
export async function deleteFile(id: string, path: string): Promise<void> {
  await ask(id, path, { method: "DELETE" });
}

async function ask(id: string, path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(fileAddress(id, path), init).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new AppError(503, "offline", "Kiln can't be reached. Check the connection, then try again.");
  });
  if (!response.ok) throw problemOf(response.status, await response.json());
  return response;
}
