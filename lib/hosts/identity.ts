/** Who a container engine says it is. */
export interface EngineIdentity {
  /** Stable over restarts. Copies of a machine share it. */
  id: string;
  /** Its machine's. */
  name: string;
  version: string;
  /** Where it keeps everything; empty when it doesn't say. */
  dataRoot: string;
}
