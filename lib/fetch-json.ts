/** The browser's way to the REST API: checked answers in, `AppError` out. */
import type { z } from "zod";
import { AppError, type FieldError } from "./errors";

const isStatus = (status: number): status is AppError["status"] =>
  [400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 429, 500, 503, 504].includes(status);

/**
 * GETs `path` under `/api/v1` and checks the answer against `schema`.
 * @throws AppError with the API's code and sentence; `offline` when the server can't be reached.
 */
export async function fetchJson<T extends z.ZodType>(
  path: string,
  schema: T,
  signal?: AbortSignal,
): Promise<z.output<T>> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      signal: signal ?? null,
      headers: { accept: "application/json" },
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new AppError(503, "offline", "Kiln can't be reached. It tries again by itself.");
  }
  const body: unknown = await response.json();
  if (!response.ok) throw problemOf(response.status, body);
  return schema.parse(body);
}

/** The API's refusal as the error that it was. */
export function problemOf(status: number, body: unknown): AppError {
  const problem = body as { code?: string; detail?: string; errors?: FieldError[] };
  return new AppError(
    isStatus(status) ? status : 500,
    problem.code ?? "unexpected",
    problem.detail ?? `The server answered ${status}.`,
    problem.errors,
  );
}
