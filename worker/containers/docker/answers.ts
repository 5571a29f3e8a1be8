/** Answers of the engine come as `any`; nothing of them is used before a schema has seen it. */
import type { z } from "zod";
import { EngineError } from "../types";

/** @throws EngineError `failed` that names the fields which aren't as expected. */
export function understood<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(
    (issue) => `${issue.path.join(".") || "all of it"}: ${issue.message}`,
  );
  throw new EngineError("failed", `The engine's answer (${what}) isn't as expected: ${fields.join("; ")}.`);
}
