/** The end of what a program said: enough to find its reason in, however much it was. */

const KEPT_BYTES = 32 * 1024;

export class RecentOutput {
  /** Twice as long as what is kept, so that little is moved, and always the same: much goes through it. */
  private readonly kept = Buffer.alloc(2 * KEPT_BYTES);
  private size = 0;

  add(data: Uint8Array): void {
    const end = data.subarray(-KEPT_BYTES);
    if (this.size + end.length > this.kept.length) {
      this.kept.copyWithin(0, this.size - KEPT_BYTES, this.size);
      this.size = KEPT_BYTES;
    }
    this.kept.set(end, this.size);
    this.size += end.length;
  }

  text(): string {
    return this.kept.toString("utf8", Math.max(0, this.size - KEPT_BYTES), this.size);
  }
}
