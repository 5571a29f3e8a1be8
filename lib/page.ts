/** Lists are pages: `{items, nextCursor}`. A cursor is opaque: give back what you got. */
import { z } from "zod";
import { storable } from "./text";

/** The largest number that the database's integer columns take. */
export const MAX_INT = 2_147_483_647;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const pageQuery = z.object({
  query: storable(z.string().trim().max(200)).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});
export type PageQuery = z.infer<typeof pageQuery>;
