import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type SecretRow, seal } from "@/lib/secrets/envelope.server";
import { keptKey, keyFrom } from "@/lib/secrets/key.server";
import { open, SecretNotOpened } from "./open";

const key = keyFrom("a key of at least 32 characters, yes");
const row: SecretRow = { installation: "one", id: "0193a1b2-0000-7000-8000-0123456789ab", name: "TOKEN" };
const VALUE = "värde\nmed rader\n";

describe("what was sealed", () => {
  it.each([VALUE, "x".repeat(64 * 1024), " \t%\\0 "])("opens: case %#", (value) => {
    expect(open(key, row, seal(key, row, value))).toBe(value);
  });

  it("is another text each time, and holds nothing of the value", () => {
    const [one, other] = [seal(key, row, VALUE), seal(key, row, VALUE)];
    expect(Buffer.from(one).equals(other)).toBe(false);
    expect(Buffer.from(one).includes("rader")).toBe(false);
  });
});

describe("doesn't open", () => {
  const sealed = seal(key, row, VALUE);
  const flipped = (at: number) => sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const cases: Array<[string, () => string]> = [
    ["with another key", () => open(keyFrom("another key of at least 32 characters"), row, sealed)],
    ["in another row", () => open(key, { ...row, id: "0193a1b2-0000-7000-8000-0123456789ac" }, sealed)],
    ["under another name", () => open(key, { ...row, name: "OTHER" }, sealed)],
    ["in another installation", () => open(key, { ...row, installation: "two" }, sealed)],
    ["with another nonce", () => open(key, row, flipped(1))],
    ["with another tag", () => open(key, row, flipped(13))],
    ["with another text", () => open(key, row, flipped(sealed.length - 1))],
    ["when it is cut", () => open(key, row, sealed.subarray(0, -1))],
    ["when it is next to nothing", () => open(key, row, sealed.subarray(0, 10))],
    ["in another format", () => open(key, row, flipped(0))],
    ["when it is empty", () => open(key, row, new Uint8Array())],
  ];
  it.each(cases)("%s, and says which", (_, act) => {
    expect(act).toThrow(SecretNotOpened);
    expect(act).toThrow(/^The secret (TOKEN|OTHER) (can't be decrypted|is kept in a form)/);
  });
});

it("the key is made once, for nobody else to read", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kiln-key-"));
  try {
    const file = path.join(folder, "data", "secret-key");
    const made = keptKey(file);
    expect(made.length).toBeGreaterThanOrEqual(64);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(keptKey(file)).toBe(made);
    expect(readFileSync(file, "utf8")).toBe(made);
    expect(keyFrom(made)).toHaveLength(32);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
