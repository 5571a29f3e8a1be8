/** What is told of hosts and workers. It is no profile's. */
import type { Tx } from "@/lib/db/client.server";
import { gigabytes } from "@/lib/hosts/disk";
import { tell } from "./tell.server";

/** A host's disk has less room than builds are begun with. */
export async function emitDiskLow(
  tx: Tx,
  {
    id,
    name,
    freeBytes,
    floorBytes,
    since,
  }: { id: string; name: string; freeBytes: number; floorBytes: number; since: Date },
): Promise<void> {
  await tell(tx, {
    names: ["disk.low"],
    key: `disk ${id} ${since.toISOString()}`,
    profileId: null,
    payload: {
      summary: `The disk of ${name} runs low: ${gigabytes(freeBytes)} free, ${gigabytes(floorBytes)} needed. New builds wait until there is room.`,
      data: { host: { id, name }, freeBytes, floorBytes, path: "/hosts" },
    },
  });
}

export interface GoneWorker {
  id: string;
  name: string;
  hostId: string;
  host: string;
  seenAt: Date;
  goneAt: Date;
  /** How many others of its host are there. */
  others: number;
  /** How many of its builds nobody has gone on with yet. */
  left: number;
}

/** A worker stopped answering, and had said no goodbye. */
export async function emitGone(tx: Tx, gone: GoneWorker): Promise<void> {
  const { id, name, hostId, host, seenAt, goneAt, others, left } = gone;
  await tell(tx, {
    names: ["worker.gone"],
    key: `worker ${id} ${goneAt.toISOString()}`,
    profileId: null,
    payload: {
      summary: `The worker ${name} on ${host} is gone: it stopped answering and said no goodbye. ${consequence(gone)}`,
      data: {
        worker: { id, name, seenAt: seenAt.toISOString() },
        host: { id: hostId, name: host },
        otherWorkers: others,
        buildsLeft: left,
        path: "/hosts",
      },
    },
  });
}

function consequence({ host, others, left }: GoneWorker): string {
  if (others > 0) return `Its builds go on: ${host} has another worker.`;
  const alone = `No other worker serves ${host}: sessions there wait for one.`;
  if (left === 0) return `It left no build behind. ${alone}`;
  const builds = left === 1 ? "1 build waits" : `${left} builds wait`;
  const again = left === 1 ? "begins" : "begin";
  return `${builds} for a worker of ${host}, and ${again} again on another host after two minutes without one. ${alone}`;
}
