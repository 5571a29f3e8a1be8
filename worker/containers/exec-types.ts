/** Commands in a container that runs, and what they say. */

export interface OutputChunk {
  stream: "stdout" | "stderr";
  data: Uint8Array;
}

export interface ExecRequest {
  command: string[];
  timeoutSeconds: number;
  /** Of each of the two outputs, for the answer. */
  maxBytes: number;
  user: string;
  workdir: string;
  /** On top of the container's own. */
  env?: Record<string, string>;
  /** Is given all output as it comes. Its pace is the command's: while it doesn't resolve, the command blocks. */
  onOutput?: ((chunk: OutputChunk) => Promise<void>) | undefined;
  /**
   * Its standard input, at the command's pace; the signal aborts when the command has ended. The command has to know by
   * itself where it ends: an engine on the way may not hand the end on.
   */
  input?: ((signal: AbortSignal) => AsyncIterable<Uint8Array>) | undefined;
}

export interface StandBy {
  user: string;
  workdir: string;
  /** When it begins to enter; at once when it is left out. */
  inMs?: number;
  /** How long it waits; as long as the container runs when it is left out. */
  forMs?: number;
}

export type PipeRequest = Pick<ExecRequest, "command" | "user" | "workdir">;

export interface ExecAnswer {
  exitCode: number;
  stdout: Uint8Array;
  stderr: Uint8Array;
  truncated: boolean;
}
