import fc from "fast-check";
import { expect, it } from "vitest";
import { RecentOutput } from "./recent-output";

it("keeps the last 32 KiB at least, whatever the pieces are", () => {
  const pieces = fc.array(fc.integer({ min: 0, max: 50_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(pieces, (lengths) => {
      const recent = new RecentOutput();
      const all = lengths.map((length, index) => String(index % 10).repeat(length));
      for (const text of all) recent.add(Buffer.from(text));
      const kept = recent.text();
      const said = all.join("");
      expect(said.endsWith(kept)).toBe(true);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(said.length, 32 * 1024));
      expect(kept.length).toBeLessThan(32 * 1024 * 2);
    }),
    { numRuns: 50 },
  );
});
