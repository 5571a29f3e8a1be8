/**
 * The one error type that crosses boundaries on purpose. It has a stable code for programs, a sentence for
 * people and, for invalid input, the path of each wrong field. Anything else that is thrown is a fault of
 * ours: the outside gets an id, the process's log gets the stack.
 */
export interface FieldError {
  /** Dotted path of the field in the input: "env.PATH", "files.0.path". */
  path: string;
  message: string;
}

export class AppError extends Error {
  override readonly name = "AppError";
  constructor(
    /** HTTP status that says the same. */
    readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 412 | 413 | 415 | 422 | 429 | 500 | 503 | 504,
    readonly code: string,
    message: string,
    readonly fields: FieldError[] = [],
    /** Further members of the answer, such as the current revision of a draft. */
    readonly extra: Record<string, string | number | null> = {},
  ) {
    super(message);
  }
}

/** 404 with the noun that was looked for. */
export function notFound(what: string): AppError {
  return new AppError(404, "not_found", `There is no such ${what}, or it is not yours to see.`);
}

/** What every fallible action gives back to the browser: never a thrown error, which Next would redact. */
export type Result<T> =
  | { ok: true; value: T }
  | {
      ok: false;
      error: {
        code: string;
        message: string;
        fields: FieldError[];
        extra: Record<string, string | number | null>;
      };
    };
