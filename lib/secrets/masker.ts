/**
 * Replaces secrets in a stream of bytes, also where they are split over two pieces. Held back is only what
 * may be the beginning of a secret, so that a live log doesn't wait for anything else.
 */
import type { Matcher } from "./matcher";

const MASK = Buffer.from("***");

export class Masker {
  private rest: Buffer = Buffer.alloc(0);
  /** So many of its first bytes belong to what was masked already. */
  private covered = 0;

  constructor(private readonly matcher: Matcher) {}

  /** @returns what is decided by now. */
  push(data: Uint8Array): Uint8Array {
    if (this.matcher.isEmpty) return data;
    this.rest = Buffer.concat([this.rest, data]);
    return this.take(this.matcher.openFrom(this.rest));
  }

  /** The end of the stream: what was held back turns out to be no secret, or a shorter one. */
  end(): Uint8Array {
    return this.take(this.rest.length);
  }

  /** Secrets may overlap: everything that any of them covers goes, and each run of it becomes one mask. */
  private take(until: number): Uint8Array {
    const out: Buffer[] = [];
    let covered = this.covered;
    let plainFrom = covered;
    for (let from = 0; ; ) {
      const found = this.matcher.next(this.rest, from, until);
      if (!found) break;
      const { place, form } = found;
      if (place >= covered) out.push(this.rest.subarray(plainFrom, place), MASK);
      covered = Math.max(covered, place + form.bytes.length);
      plainFrom = covered;
      from = place + 1;
    }
    if (plainFrom < until) out.push(this.rest.subarray(plainFrom, until));
    this.rest = this.rest.subarray(until);
    this.covered = Math.max(0, covered - until);
    return Buffer.concat(out);
  }
}

/** A whole text at once. */
export function maskText(matcher: Matcher, text: string): string {
  if (matcher.isEmpty) return text;
  const masker = new Masker(matcher);
  return Buffer.concat([masker.push(Buffer.from(text)), masker.end()]).toString();
}
