/** Hands the output of a command on, in pieces: at once while little is said, in larger ones while much is. */
import { setTimeout as sleep } from "node:timers/promises";
import { countPieces, stopReading, writePiece } from "@/lib/commands/output.server";
import { insist } from "@/lib/db/insist.server";
import { heardLater } from "@/lib/heard-later";

const PIECE_BYTES = 64 * 1024;
/** So many wait for a reader; then the command does. */
const MOST_WAITING = 64;
const LOOK_MS = 50;
/** A reader that takes nothing for so long has gone. */
const READER_MS = 30_000;

export class StreamedOutput {
  /** Something of it was dropped: nobody read it. */
  dropped = false;
  private seq = 0;
  private unread = 0;
  private held: { stream: "stdout" | "stderr"; parts: Uint8Array[]; bytes: number } | null = null;
  private writing: Promise<void> = Promise.resolve();
  private busy = false;

  constructor(private readonly commandId: string) {}

  /** Resolves when there is room for more. */
  async add(stream: "stdout" | "stderr", data: Uint8Array): Promise<void> {
    if (this.dropped || data.length === 0) return;
    if (this.held && this.held.stream !== stream) await this.flush();
    this.held ??= { stream, parts: [], bytes: 0 };
    // Copied: it may be a small part of a large buffer.
    this.held.parts.push(data.slice());
    this.held.bytes += data.length;
    // While one is written, the next one grows.
    if (this.held.bytes >= PIECE_BYTES) await this.flush();
    else if (!this.busy) void heardLater(this.flush());
  }

  /** Resolves when all of it is written, or dropped. @throws what the database throws. */
  async end(): Promise<void> {
    await this.flush();
  }

  private flush(): Promise<void> {
    this.writing = this.writing.then(async () => {
      const held = this.held;
      this.held = null;
      if (!held || this.dropped) return;
      this.busy = true;
      try {
        await this.write(held.stream, Buffer.concat(held.parts));
      } finally {
        this.busy = false;
      }
    });
    return this.writing;
  }

  private async write(stream: "stdout" | "stderr", data: Uint8Array): Promise<void> {
    if (!(await this.hasRoom())) {
      this.dropped = true;
      await insist(() => stopReading(this.commandId));
      return;
    }
    const seq = this.seq++;
    this.unread += 1;
    this.dropped = !(await insist(() => writePiece(this.commandId, seq, { stream, data })));
  }

  /** Counted only when it may matter: most commands say little. */
  private async hasRoom(): Promise<boolean> {
    if (this.unread < MOST_WAITING) return true;
    const until = Date.now() + READER_MS;
    for (;;) {
      this.unread = await insist(() => countPieces(this.commandId));
      if (this.unread < MOST_WAITING) return true;
      if (Date.now() > until) return false;
      await sleep(LOOK_MS);
    }
  }
}
