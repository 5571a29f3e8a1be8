/** How much of the disk each image holds for itself. */
import { z } from "zod";
import type { ImageBytes } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { get } from "./get";

const usageAnswer = z.object({
  Images: z.array(z.object({ Id: z.string(), Size: z.number(), SharedSize: z.number() })).nullish(),
});

/** Asks `/system/df`, which looks at every layer: for people who wait, not for every sweep. */
export async function exclusiveImageBytes(client: Client): Promise<ImageBytes> {
  const raw = await get(client.docker, "/system/df", client.deadlines.slow);
  const { Images } = understood(usageAnswer, raw, "disk usage");
  // The engine says -1 where it hasn't counted.
  const counted = (Images ?? []).filter(({ SharedSize }) => SharedSize >= 0);
  return new Map(counted.map(({ Id, Size, SharedSize }) => [Id, Size - SharedSize]));
}
