/** Finds many byte strings at once. Each is at least four bytes long: those choose the few that are compared. */
import type { Form } from "./forms";

const KEY_BYTES = 4;

export class Matcher {
  /** Which first two bytes there are: nearly every place is ruled out by this. */
  private readonly starts = new Uint8Array(65_536);
  /** By their first four bytes, the longest first. */
  private readonly byKey = new Map<number, Form[]>();
  /** What a form may begin with, where the data ends before its first four bytes do. */
  private readonly stubs = new Set<string>();
  private readonly longest: number;

  constructor(forms: readonly Form[]) {
    this.longest = Math.max(0, ...forms.map(({ bytes }) => bytes.length));
    for (const form of forms.toSorted((one, other) => other.bytes.length - one.bytes.length)) {
      const { bytes } = form;
      this.starts[bytes.readUInt16BE(0)] = 1;
      const key = bytes.readUInt32BE(0);
      this.byKey.set(key, [...(this.byKey.get(key) ?? []), form]);
      for (let length = 1; length < KEY_BYTES; length += 1)
        this.stubs.add(bytes.toString("latin1", 0, length));
    }
  }

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  /** The longest form that stands here in full. */
  private at(data: Buffer, place: number): Form | undefined {
    return this.candidates(data, place)?.find(({ bytes }) => {
      const end = place + bytes.length;
      return end <= data.length && data.compare(bytes, 0, bytes.length, place, end) === 0;
    });
  }

  /** The next place where a form stands in full, searched for from `from` up to `until`. */
  next(data: Buffer, from: number, until: number): { place: number; form: Form } | null {
    const last = Math.min(until, data.length - KEY_BYTES + 1);
    for (let place = from; place < last; place += 1) {
      if (this.starts[(data[place] ?? 0) * 256 + (data[place + 1] ?? 0)] === 0) continue;
      const form = this.at(data, place);
      if (form) return { place, form };
    }
    return null;
  }

  /** The first place from which the rest of the data is the beginning of a form; the data's length when there is none. */
  openFrom(data: Buffer): number {
    // What begins earlier would have ended.
    for (let place = Math.max(0, data.length - this.longest); place < data.length; place += 1)
      if (this.isOpen(data, place)) return place;
    return data.length;
  }

  private isOpen(data: Buffer, place: number): boolean {
    const left = data.length - place;
    if (left < KEY_BYTES) return this.stubs.has(data.toString("latin1", place));
    return (
      this.candidates(data, place)?.some(
        ({ bytes }) => bytes.length > left && data.compare(bytes, 0, left, place) === 0,
      ) ?? false
    );
  }

  private candidates(data: Buffer, place: number): Form[] | undefined {
    if (place + KEY_BYTES > data.length) return undefined;
    if (this.starts[(data[place] ?? 0) * 256 + (data[place + 1] ?? 0)] === 0) return undefined;
    return this.byKey.get(data.readUInt32BE(place));
  }
}
