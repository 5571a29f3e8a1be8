import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkAddresses } from "./addresses";
import { parseAnsi } from "./ansi";

const linksOf = (line: string) =>
  linkAddresses(parseAnsi(line)).flatMap(({ text, href }) => (href === null ? [] : [[text, href]]));

describe("an address in a line", () => {
  it.each([
    ["see https://example.com/a?b=1#c for more", "https://example.com/a?b=1#c"],
    ["Get:1 http://deb.example.org/debian bookworm InRelease", "http://deb.example.org/debian"],
    ["(see https://example.com/a).", "https://example.com/a"],
    ["https://example.com/wiki/Kiln_(oven), or so", "https://example.com/wiki/Kiln_(oven)"],
    ["[https://example.com/a]: done", "https://example.com/a"],
    ['url="https://example.com/a"', "https://example.com/a"],
    ["a HTTPS://EXAMPLE.com:8080/ b", "HTTPS://EXAMPLE.com:8080/"],
  ])("%s", (line, text) => {
    expect(linksOf(line)).toEqual([[text, new URL(text).href]]);
  });

  it.each([
    "ftp://example.com/a",
    "https://",
    "javascript:alert(1)",
    "https://name:word@example.com/",
    "x://y",
  ])("isn't %s", (line) => {
    expect(linksOf(`a ${line} b`)).toEqual([]);
  });

  it("takes no longer for one that is made to be slow", () => {
    const started = performance.now();
    expect(linksOf(`https://a/${")".repeat(200_000)}`)).toEqual([["https://a/", "https://a/"]]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("leaves a link of the line's own alone, and takes the colour along", () => {
    const esc = "\u001b";
    const own = `${esc}]8;;https://example.com/x${esc}\\see https://example.org/${esc}]8;;${esc}\\`;
    expect(linksOf(own)).toEqual([["see https://example.org/", "https://example.com/x"]]);
    const [, link] = linkAddresses(parseAnsi(`${esc}[1mat https://example.com/`));
    expect(link).toMatchObject({ href: "https://example.com/", style: { bold: true } });
  });

  it("costs no letter of the line, and leads to the web only", () => {
    const parts = ["http", "s", "://", "a.b", "/", ")", "(", ".", " ", "@", ":", "%", "#", "\u202e"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), (some) => {
        const runs = parseAnsi(some.join(""));
        const linked = linkAddresses(runs);
        expect(linked.map(({ text }) => text).join("")).toBe(runs.map(({ text }) => text).join(""));
        for (const { href } of linked) expect(href ?? "https://").toMatch(/^https?:\/\//);
      }),
    );
  });
});
