/** The end of what a program said: enough to find its reason in, however much it was. */

const KEPT_BYTES = 32 * 1024;

export class RecentOutput {
  private parts: Uint8Array[] = [];
  private size = 0;

  /** Copies what it keeps: a chunk may be a small part of a large buffer. */
  add(data: Uint8Array): void {
    const kept = Buffer.from(data.subarray(-KEPT_BYTES));
    this.parts.push(kept);
    this.size += kept.length;
    for (let first = this.parts[0]; first && this.size - first.length >= KEPT_BYTES; first = this.parts[0]) {
      this.size -= first.length;
      this.parts.shift();
    }
  }

  text(): string {
    return Buffer.concat(this.parts).toString();
  }
}
