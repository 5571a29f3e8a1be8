/** How much of the disk images, volumes and containers hold. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ContainerDisk, ImageBytes } from "../types";
import { understood } from "./answers";
import type { Client } from "./client";
import { isEngineError } from "./errors";
import { get } from "./get";

const usageAnswer = z.object({
  Images: z.array(z.object({ Id: z.string(), Size: z.number(), SharedSize: z.number() })).nullish(),
  Volumes: z
    .array(z.object({ Name: z.string(), UsageData: z.object({ Size: z.number() }).nullish() }))
    .nullish(),
});

/** An engine counts once at a time, and refuses a second question with an error that has no code of its own. */
const TRIES = 6;
const PAUSE_MS = 500;

const containerAnswer = z.object({ SizeRw: z.number().default(0), SizeRootFs: z.number() });

/** Asks `/system/df`, which looks at every layer: for people who wait, not for every sweep. */
export async function exclusiveImageBytes(client: Client): Promise<ImageBytes> {
  const { Images } = await usage(client, "");
  // The engine says -1 where it hasn't counted.
  const counted = (Images ?? []).filter(({ SharedSize }) => SharedSize >= 0);
  return new Map(counted.map(({ Id, Size, SharedSize }) => [Id, Size - SharedSize]));
}

/** The same question; newer engines look at the volumes only. */
export async function volumeBytes(client: Client): Promise<ReadonlyMap<string, number>> {
  const { Volumes } = await usage(client, "?type=volume");
  return new Map(
    (Volumes ?? []).flatMap(({ Name, UsageData }) =>
      UsageData && UsageData.Size >= 0 ? [[Name, UsageData.Size] as const] : [],
    ),
  );
}

async function usage(client: Client, query: string) {
  for (let tries = 1; ; tries += 1) {
    try {
      const raw = await get(client.docker, `/system/df${query}`, client.deadlines.slow);
      return understood(usageAnswer, raw, "disk usage");
    } catch (error) {
      if (tries >= TRIES || !isEngineError(error, "failed")) throw error;
    }
    await delay(PAUSE_MS);
  }
}

/** @throws EngineError `not_found` when there is no such container. */
export async function containerDisk(client: Client, container: string): Promise<ContainerDisk> {
  const raw = await get(client.docker, `/containers/${container}/json?size=true`, client.deadlines.slow);
  const { SizeRw, SizeRootFs } = understood(containerAnswer, raw, "container's size");
  return { ownBytes: SizeRw, totalBytes: SizeRootFs };
}
