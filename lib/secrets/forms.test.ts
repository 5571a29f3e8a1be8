import { describe, expect, it } from "vitest";
import { maskedForms, passwordOf, wholeForms } from "./forms";

describe("passwordOf", () => {
  it.each([
    ["dana:s3cr3t pass", "s3cr3t pass"],
    ["dana:s3:cr3t\n", "s3:cr3t"],
    [":only-password", "only-password"],
    ["ghp_token", undefined],
    ["-----BEGIN KEY-----\nProc-Type: 4\n-----END KEY-----", undefined],
  ])("of %j is %j", (value, password) => {
    expect(passwordOf(value)).toBe(password);
  });
});

it("looks for a password by itself, in all its ways, beside the whole value", () => {
  const texts = (forms: typeof wholeForms) =>
    forms([{ name: "LOGIN", value: "dana:s3cr3t/pass", password: "s3cr3t/pass" }]).map(({ bytes }) =>
      String(bytes),
    );
  for (const forms of [wholeForms, maskedForms])
    expect(texts(forms)).toEqual(
      expect.arrayContaining([
        "dana:s3cr3t/pass",
        "s3cr3t/pass",
        "s3cr3t%2Fpass",
        Buffer.from("s3cr3t/pass").toString("base64").slice(0, 14),
      ]),
    );
});
