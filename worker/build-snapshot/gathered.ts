/**
 * The runs that become the next chunk. Their bytes are copied into memory of its own, always the same: what the engine's
 * answers are read into would otherwise outlive its time among the young, 64 KiB for each read, and the collector
 * went through all that is old some forty times for a million lines.
 */
import type { Run } from "@/lib/logs/chunk";

const FIRST_BYTES = 16 * 1024;

interface Place {
  run: Omit<Run, "bytes">;
  from: number;
}

export class Gathered {
  private places: Place[] = [];
  private memory = new Uint8Array(0);
  private end = 0;

  get bytes(): number {
    return this.end;
  }

  get isEmpty(): boolean {
    return this.places.length === 0;
  }

  add({ bytes, ...run }: Run): void {
    const end = this.end + bytes.length;
    if (end > this.memory.length) this.grow(end);
    this.memory.set(bytes, this.end);
    this.places.push({ run, from: this.end });
    this.end = end;
  }

  /** Forgets them. Their bytes are good until the next `add`. */
  take(): Run[] {
    const { places, end } = this;
    this.places = [];
    this.end = 0;
    return places.map(({ run, from }, index) => ({
      ...run,
      bytes: this.memory.subarray(from, places[index + 1]?.from ?? end),
    }));
  }

  private grow(least: number): void {
    const larger = new Uint8Array(Math.max(least, 2 * this.memory.length, FIRST_BYTES));
    larger.set(this.memory.subarray(0, this.end));
    this.memory = larger;
  }
}
