/** A profile's caches as they cross to the browser and the API. */
import { z } from "zod";
import { storable } from "@/lib/text";

export const cacheSchema = z.object({
  path: z.string(),
  /** Each engine has its own. */
  host: z.string(),
  /** Null before a worker has measured it. */
  bytes: z.number().nullable(),
  measuredAt: z.iso.datetime().nullable(),
  /** When a build took it last. */
  usedAt: z.iso.datetime(),
  /** It goes when no build uses it any more, and a worker is there. */
  clearRequestedAt: z.iso.datetime().nullable(),
  clearedAt: z.iso.datetime().nullable(),
});
export type CacheWire = z.infer<typeof cacheSchema>;

export const clearCachesSchema = z.strictObject({
  /** One cache; all of the profile's when it is left out. */
  path: storable(z.string().max(1024)).optional(),
});
