/** The connection to an engine, as every file of this folder is handed it. */
import type { OnReadOpts, Socket } from "node:net";
import type Docker from "dockerode";
import type { Deadlines } from "./deadline";

export interface EngineFacts {
  id: string;
  name: string;
  version: string;
  /** Where it keeps everything. */
  dataRoot: string;
  cpus: number;
  /** Log drivers by name. */
  logDrivers: string[];
  /** Names of what it can run containers with. */
  runtimes: string[];
}

/** What every call of this folder is given. */
export interface Client {
  docker: Docker;
  /** A connection of its own to where `docker` talks to, read as Node's `onread` says, or as any stream. */
  dial(onread?: OnReadOpts): Socket;
  /** It is reached by TLS. */
  secure: boolean;
  /** It is reached by a socket, so its files may be seen from here. */
  local: boolean;
  deadlines: Deadlines;
  /** What runs our containers, by the engine's name for it; its own default when undefined. */
  runtime: string | undefined;
  /** By a layer and all below it, its name in an archive of an image that has more on top. */
  savedLayers: Map<string, string>;
  /** What the engine can do; asked once. */
  facts(): Promise<EngineFacts>;
}
