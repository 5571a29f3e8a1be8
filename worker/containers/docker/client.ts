/** The connection to an engine, as every file of this folder is handed it. */
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
}

/** What every call of this folder is given. */
export interface Client {
  docker: Docker;
  /** It is reached by a socket, so its files may be seen from here. */
  local: boolean;
  deadlines: Deadlines;
  /** What the engine can do; asked once. */
  facts(): Promise<EngineFacts>;
}
