/** Errors to the outside, as RFC 9457 problems. What isn't ours to tell gets an id; the process's log has the rest. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { isDatabaseAway } from "@/lib/db/away.server";
import { AppError, type FieldError, type Result } from "@/lib/errors";
import { log } from "@/lib/log.server";

/** Each wrong field by its path. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.join(".");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: path ? `${path}.${key}` : key,
        message: "There is no such field.",
      }));
    if (issue.code === "invalid_key") return issue.issues.map((inner) => ({ path, message: inner.message }));
    return [{ path, message: issue.message }];
  });
}

export function invalidInput(error: z.ZodError): AppError {
  const fields = fieldErrors(error);
  const first = fields[0];
  const summary =
    fields.length === 1 && first
      ? `${first.path || "The input"}: ${first.message}`
      : `${fields.length} fields need attention.`;
  return new AppError(422, "invalid_input", summary, fields);
}

/** The database being away is told as such; everything else that isn't an `AppError` is a fault of ours. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof z.ZodError) log.error({ err: error }, "data that doesn't fit its own schema");
  const id = randomUUID();
  if (isDatabaseAway(error)) {
    log.warn({ err: error, errorId: id }, "the database is away");
    return new AppError(503, "database_unavailable", "The database can't be reached. Try again in a moment.");
  }
  log.error({ err: error, errorId: id }, "an unexpected error");
  return new AppError(
    500,
    "internal",
    `Something went wrong on our side. The server's log has it under ${id}.`,
  );
}

export function problem(error: unknown): Response {
  const known = asAppError(error);
  return Response.json(
    {
      type: "about:blank",
      title: known.code.replaceAll("_", " "),
      status: known.status,
      code: known.code,
      detail: known.message,
      ...(known.fields.length > 0 ? { errors: known.fields } : {}),
      ...known.extra,
    },
    {
      status: known.status,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        ...(known.status === 401 ? { "www-authenticate": 'Bearer realm="kiln"' } : {}),
        ...(known.status === 429 || known.status === 503 ? { "retry-after": "5" } : {}),
      },
    },
  );
}

/** The same for server actions: thrown errors would reach the browser without their words. */
export function failed(error: unknown): Extract<Result<never>, { ok: false }> {
  const { code, message, fields, extra } = asAppError(error);
  return { ok: false, error: { code, message, fields, extra } };
}
