/** A command's standard input and output as one stream. */
import { Duplex } from "node:stream";
import { EngineError, type OutputChunk, type PipeRequest } from "../types";
import type { Client } from "./client";
import type { OpenStream } from "./deadline";
import { demultiplex } from "./demux";
import { toEngineError } from "./errors";
import { startExec } from "./exec-process";

/** What it says on standard error is nobody's. */
export async function openPipe(client: Client, container: string, request: PipeRequest): Promise<Duplex> {
  const { opened, stdin } = await startExec(client, container, request, true);
  if (stdin) return new Pipe(opened, stdin);
  opened.close();
  throw new EngineError("failed", "The engine opened a command that can't be written to.");
}

class Pipe extends Duplex {
  private readonly output: AsyncGenerator<OutputChunk, void, void>;

  constructor(
    private readonly opened: OpenStream,
    private readonly stdin: Duplex,
  ) {
    super();
    this.output = demultiplex(opened.stream);
    // What breaks is heard by whoever reads or writes; without a listener it would end the process.
    stdin.on("error", (error) => this.destroy(error));
  }

  /** One at a time: nothing is read of the engine while nobody reads here. */
  override _read(): void {
    this.next().then(
      (data) => this.push(data),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  private async next(): Promise<Uint8Array | null> {
    try {
      for (let chunk = await this.output.next(); !chunk.done; chunk = await this.output.next())
        // The engine's buffer is used again for what it reads next.
        if (chunk.value.stream === "stdout") return Buffer.from(chunk.value.data);
      return null;
    } catch (error) {
      throw toEngineError(error);
    }
  }

  override _write(data: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.stdin.write(data, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.opened.close();
    done(error);
  }
}
