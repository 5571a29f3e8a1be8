/**
 * What isn't stored yet, oldest first. A little of it is in memory; what the database is too slow for, or away, goes
 * into a file. The file has no name any more once it is open: whatever becomes of this process, nothing is left of it.
 */

import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import path from "node:path";

export interface SpoolLimits {
  memoryBytes: number;
  fileBytes: number;
}

interface Entry<T> {
  piece: T;
  /** Where its data lie in the file, when they do. */
  filed: { at: number; bytes: number } | null;
}

const NOTHING = new Uint8Array();

export class Spool<T extends { data: Uint8Array<ArrayBuffer> }> {
  private readonly entries: Array<Entry<T>> = [];
  private memoryBytes = 0;
  private filedPieces = 0;
  private file: number | undefined;
  /** Where the file is written on; it begins again when all that is in it was taken. */
  private end = 0;
  private isRefused = false;

  constructor(
    private readonly folder: string,
    private readonly limits: SpoolLimits,
    /** Told when the file can't be had: then there is only the memory. */
    private readonly onRefused: (error: unknown) => void,
  ) {}

  get length(): number {
    return this.entries.length;
  }

  /** Whoever has more to put in has to wait. */
  get isFull(): boolean {
    if (this.memoryBytes < this.limits.memoryBytes) return false;
    return this.isRefused || this.end >= this.limits.fileBytes;
  }

  push(piece: T): void {
    const filed = this.memoryBytes < this.limits.memoryBytes ? null : this.writeDown(piece.data);
    this.entries.push(filed ? { piece: { ...piece, data: NOTHING }, filed } : { piece, filed });
    if (!filed) this.memoryBytes += piece.data.length;
  }

  /** The oldest one, which stays. */
  first(): T | undefined {
    const [entry] = this.entries;
    if (!entry?.filed) return entry?.piece;
    const data = new Uint8Array(entry.filed.bytes);
    for (let done = 0; done < data.length; ) {
      const read =
        this.file === undefined
          ? 0
          : readSync(this.file, data, done, data.length - done, entry.filed.at + done);
      if (read === 0) throw new Error("what waited to be stored can't be read again");
      done += read;
    }
    entry.piece = { ...entry.piece, data };
    entry.filed = null;
    this.memoryBytes += data.length;
    this.filedPieces -= 1;
    if (this.filedPieces === 0) this.close();
    return entry.piece;
  }

  /** Takes the oldest one away. */
  shift(): void {
    const taken = this.entries.shift();
    if (!taken) return;
    if (!taken.filed) {
      this.memoryBytes -= taken.piece.data.length;
      return;
    }
    this.filedPieces -= 1;
    if (this.filedPieces === 0) this.close();
  }

  /** Throws away what is left. */
  clear(): void {
    this.entries.length = 0;
    this.memoryBytes = 0;
    this.filedPieces = 0;
    this.close();
  }

  private writeDown(data: Uint8Array): { at: number; bytes: number } | null {
    if (this.isRefused) return null;
    try {
      this.file ??= openNameless(this.folder);
      for (let done = 0; done < data.length; )
        done += writeSync(this.file, data, done, data.length - done, this.end + done);
    } catch (error) {
      // A full disk, or no right to write there. What is in the file already can still be read.
      this.isRefused = true;
      this.onRefused(error);
      return null;
    }
    const filed = { at: this.end, bytes: data.length };
    this.end += data.length;
    this.filedPieces += 1;
    return filed;
  }

  private close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    this.end = 0;
  }
}

function openNameless(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const name = path.join(folder, `.kiln-log-${randomUUID()}`);
  const file = openSync(name, "wx+", 0o600);
  unlinkSync(name);
  return file;
}
