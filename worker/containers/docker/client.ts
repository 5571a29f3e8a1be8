/** The connection to an engine, as every file of this folder is handed it. */
import type Docker from "dockerode";
import type { Deadlines } from "./deadline";

export interface EngineFacts {
  id: string;
  name: string;
  version: string;
  cpus: number;
  /** Log drivers by name. */
  logDrivers: string[];
}

/** What every call of this folder is given. */
export interface Client {
  docker: Docker;
  deadlines: Deadlines;
  /** What the engine can do; asked once. */
  facts(): Promise<EngineFacts>;
}
