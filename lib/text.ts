/** Text that can be kept: Postgres takes no NUL, and its JSON no half of a surrogate pair. */
import type { z } from "zod";

const NUL_MESSAGE = "Remove the NUL character (\\0).";
const HALF_MESSAGE = "Remove the broken character: half of a surrogate pair is no text.";

/** For every text that comes from outside and is stored or searched for. */
export function storable(schema: z.ZodString): z.ZodString {
  return schema
    .refine((text) => !text.includes("\0"), NUL_MESSAGE)
    .refine((text) => text.isWellFormed(), HALF_MESSAGE);
}
