/** Terminals at the boundary to a container engine. */
export interface TerminalRequest {
  command: string[];
  user: string;
  workdir: string;
  /** On top of the container's own. */
  env: Record<string, string>;
  columns: number;
  rows: number;
}

/** A command that runs in a terminal. */
export interface TerminalProcess {
  /** What it shows, to be read once. Its pace is the command's: while nobody pulls, the command blocks on its output. Ends with it. */
  output: AsyncIterable<Uint8Array>;
  /** Resolves when there is room for more. What it doesn't take because it has ended is nobody's. */
  write(data: Uint8Array): Promise<void>;
  /** Nothing happens when it has ended. */
  resize(columns: number, rows: number): Promise<void>;
  /** After its output has ended: its exit code; null while it runs all the same, or the engine can't say. */
  exitCode(): Promise<number | null>;
  /** Kills it and all that came of it, and ends its output. Safe to repeat, and when it has ended. */
  end(): Promise<void>;
}
