/** Something that setting up can't provide: one sentence that says what to do. Shown without a stack. */
export class Refusal extends Error {
  /** @override */
  name = "Refusal";
}

/**
 * What went wrong, for people: a refusal's sentence, or an error with the tail of the command's output.
 * @param {unknown} error
 */
export function describeFailure(error) {
  if (error instanceof Refusal) return error.message;
  if (!(error instanceof Error)) return String(error);
  const tail = "tail" in error && typeof error.tail === "string" ? error.tail.trimEnd() : "";
  return tail ? `${error.message}\n${tail.replace(/^/gm, "    ")}` : error.message;
}
