import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Finder } from "./finder";
import { maskedForms, wholeForms } from "./forms";
import { Masker, maskText } from "./masker";
import { Matcher } from "./matcher";

const TOKEN = "tok/en+with?signs&é 42";
const matcherOf = (...values: string[]) =>
  new Matcher(maskedForms(values.map((value, index) => ({ name: `S${index}`, value }))));

function masked(matcher: Matcher, pieces: readonly Uint8Array[]): string {
  const masker = new Masker(matcher);
  return Buffer.concat([...pieces.map((piece) => masker.push(piece)), masker.end()]).toString();
}

/** What is masked, told without streaming: every byte that some form covers. */
function expected(values: string[], text: string): string {
  const data = Buffer.from(text);
  const covered = new Uint8Array(data.length);
  const forms = maskedForms(values.map((value) => ({ name: "S", value })));
  const begins = new Set<number>();
  for (const { bytes } of forms)
    for (let at = data.indexOf(bytes); at >= 0; at = data.indexOf(bytes, at + 1)) {
      covered.fill(1, at, at + bytes.length);
      begins.add(at);
    }
  const out: number[] = [];
  data.forEach((byte, at) => {
    if (covered[at] === 0) out.push(byte);
    else if (at === 0 || covered[at - 1] === 0) out.push(...Buffer.from("***"));
    else if (begins.has(at) && !forms.some(({ bytes }) => spans(data, bytes, at)))
      out.push(...Buffer.from("***"));
  });
  return Buffer.from(out).toString();
}

/** Does this form stand somewhere so that it covers both sides of this place? */
function spans(data: Buffer, bytes: Buffer, place: number): boolean {
  for (let at = data.indexOf(bytes); at >= 0; at = data.indexOf(bytes, at + 1))
    if (at < place && at + bytes.length > place) return true;
  return false;
}

describe("a value is masked", () => {
  const forms: Array<[string, string]> = [
    ["as it is", TOKEN],
    ["in base64", Buffer.from(TOKEN).toString("base64")],
    ["in base64, one byte later", Buffer.from(`u${TOKEN}`).toString("base64")],
    ["in base64, two bytes later", Buffer.from(`u:${TOKEN}`).toString("base64")],
    ["in base64 with more behind it", Buffer.from(`user:${TOKEN}@host`).toString("base64")],
    ["in base64 for URLs", Buffer.from(TOKEN).toString("base64url")],
    ["URL-encoded", encodeURIComponent(TOKEN)],
    ["URL-encoded in lower case", encodeURIComponent(TOKEN).toLowerCase()],
    ["as a form sends it", new URLSearchParams({ q: TOKEN }).toString()],
    ["in JSON", JSON.stringify({ q: TOKEN })],
  ];
  it.each(forms)("%s", (_, text) => {
    const shown = maskText(matcherOf(TOKEN), `before ${text} after`);
    expect(shown).toContain("***");
    expect(shown).toMatch(/^before .* after$/);
    // At most the bits that it shares with its neighbours are left.
    expect(shown.length).toBeLessThan("before *** after".length + 24);
  });

  it("line by line, when it has several, and in base64 that is broken into lines", () => {
    const key = `-----BEGIN KEY-----\n${"abcdefghij".repeat(9)}\nshort\n-----END KEY-----\n`;
    const matcher = matcherOf(key);
    expect(maskText(matcher, `x\n${"abcdefghij".repeat(9)}\ny`)).toBe("x\n***\ny");
    expect(maskText(matcher, `x\n${key}y`)).toBe("x\n***\ny");
    const broken = Buffer.from(key).toString("base64").replaceAll(/.{76}/g, "$&\n");
    for (const line of broken.split("\n").slice(0, -1)) expect(maskText(matcher, line)).toBe("***");
  });

  it("and what is not, is not: nothing is held back that can't be one", () => {
    const masker = new Masker(matcherOf("opensesame"));
    const push = (text: string) => Buffer.from(masker.push(Buffer.from(text))).toString();
    expect(push("50% open")).toBe("50% ");
    expect(push("ed ")).toBe("opened ");
    expect(push("opensesam")).toBe("");
    expect(push("e.")).toBe("***.");
    expect(push("op")).toBe("");
    expect(Buffer.from(masker.end()).toString()).toBe("op");
  });
});

it("for any secrets, text and splits, no value is left and the rest is unchanged", () => {
  const value = fc
    .string({ minLength: 8, maxLength: 24, unit: fc.constantFrom("a", "b", "c", "é", "/", "\n", "%") })
    .filter((text) => text.trim().length >= 8);
  const run = fc.record({
    values: fc.array(value, { minLength: 1, maxLength: 3 }),
    parts: fc.array(
      fc.oneof(
        fc.string({ maxLength: 12, unit: fc.constantFrom("a", "b", "c", "x", "\n") }),
        fc.nat(8).map((pick) => ({ pick })),
      ),
      { maxLength: 12 },
    ),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }),
  });
  fc.assert(
    fc.property(run, ({ values, parts, sizes }) => {
      const forms = maskedForms(values.map((value) => ({ name: "S", value })));
      const text = parts
        .map((part) =>
          typeof part === "string" ? part : (forms[part.pick % forms.length]?.bytes.toString() ?? ""),
        )
        .join("");
      const data = Buffer.from(text);
      const pieces: Buffer[] = [];
      for (let at = 0, turn = 0; at < data.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        pieces.push(data.subarray(at, at + size));
        at += size;
      }
      const shown = masked(new Matcher(forms), pieces);
      for (const value of values) expect(shown.includes(value.trim())).toBe(false);
      expect(shown).toBe(expected(values, text));
    }),
    { numRuns: 400 },
  );
});

describe("an image's bytes are searched", () => {
  const finderFor = (value: string) => new Finder(new Matcher(wholeForms([{ name: "KEY", value }])));
  it.each([1, 3, 7, 4096])("in pieces of %d bytes", (size) => {
    const data = Buffer.from(`${"x".repeat(5000)}${TOKEN}${"x".repeat(100)}`);
    const finder = finderFor(TOKEN);
    const said: Array<string | null> = [];
    for (let at = 0; at < data.length; at += size) said.push(finder.push(data.subarray(at, at + size)));
    expect(said.find((name) => name !== null)).toBe("KEY");
  });

  it("for the whole value only: the first line of a key is in many files", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END PRIVATE KEY-----\n";
    expect(finderFor(key).push(Buffer.from("-----BEGIN PRIVATE KEY-----\nother"))).toBeNull();
    expect(finderFor(key).push(Buffer.from(`# key\n${key}`))).toBe("KEY");
    const broken = Buffer.from(key).toString("base64").replaceAll(/.{76}/g, "$&\n");
    expect(finderFor(key).push(Buffer.from(broken))).toBe("KEY");
  });
});
