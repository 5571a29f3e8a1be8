/** The first bytes of an output; the rest is counted as cut and dropped. */
export class Kept {
  truncated = false;
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  constructor(private readonly limit: number) {}

  /** Copies what it keeps: the chunk may be a small part of a large buffer. */
  add(data: Uint8Array): void {
    const room = this.limit - this.size;
    if (data.length > room) this.truncated = true;
    const part = data.slice(0, room);
    if (part.length === 0) return;
    this.parts.push(part);
    this.size += part.length;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.parts));
  }
}
