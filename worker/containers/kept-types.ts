/** What an engine keeps for an installation, and on which disk. */

/** What marks a thing as ours. Values are ids; nothing secret. */
export interface Ownership {
  installation: string;
  kind:
    | "build"
    | "check"
    | "session"
    | "snapshot"
    | "cache"
    | "inventory"
    | "kept"
    | "persistent"
    | "warm"
    | "waiting";
  /** The snapshot's or session's id (of a persistent volume, too); a cache's profile; of an inventory's container, and of one that waits for a build, the worker; of one that was started ahead its row. */
  owner: string;
  /** The claim under which it was made: its fence and worker, or empty for images and sessions. */
  fence?: number;
  worker?: string;
}

export interface ContainerDisk {
  /** What the container itself has written, and hasn't deleted. */
  ownBytes: number;
  /** The same with the image that it was made from. */
  totalBytes: number;
}

export interface ContainerUse {
  /** Without what the kernel would give up at once. */
  memoryBytes: number;
  /** Processor time since it was started. */
  cpuSeconds: number;
}

export interface OwnedContainer {
  id: string;
  name: string;
  /** A paused one doesn't: nothing can be run in it. */
  running: boolean;
  ownership: Ownership;
}

export interface OwnedImage {
  id: string;
  /** Its first tag, or its id. */
  name: string;
  /** Its further tags. */
  alsoNamed: string[];
  ownership: Ownership;
  /** What it was captured with. Unlike labels, images that others make from it don't inherit this. */
  comment: string;
  /** The image that it was made from, where the engine knows. */
  parent: string | null;
}

export interface OwnedVolume {
  name: string;
  ownership: Ownership;
}

/** By image id: the bytes that no other image shares. */
export type ImageBytes = ReadonlyMap<string, number>;

export interface EngineDisk {
  /** Where the engine keeps everything, on its own machine. */
  dataRoot: string;
  /** Null when that can't be seen from here. */
  freeBytes: number | null;
  totalBytes: number | null;
}
