/** Searches a stream of bytes for secrets, in constant memory. */
import type { Matcher } from "./matcher";

export class Finder {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly matcher: Matcher) {}

  /** @returns the name of the first secret that this piece completes. */
  push(data: Uint8Array): string | null {
    const all = this.rest.length > 0 ? Buffer.concat([this.rest, data]) : asBuffer(data);
    const found = this.matcher.next(all, 0, all.length);
    if (found) return found.form.name;
    this.rest = Buffer.from(all.subarray(this.matcher.openFrom(all)));
    return null;
  }
}

const asBuffer = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
