import { expect, it } from "vitest";
import { MaskedOutput } from "./masked-output";

const value = "s3cr3t-0123456789";
const answered = (stdout: string, truncated: boolean) => {
  const given = { exitCode: 0, stdout: Buffer.from(stdout), stderr: Buffer.of(), truncated };
  return Buffer.from(new MaskedOutput([{ name: "TOKEN", value }]).answer(given).stdout).toString();
};

it.each([
  ["a whole answer", `it is ${value}!`, false, "it is ***!"],
  ["an answer that ends like the beginning of one", "it is s3cr3t", false, "it is s3cr3t"],
  ["an answer that was cut in the middle of one", `${value} and ${value.slice(0, 9)}`, true, "*** and "],
  ["an answer that was cut elsewhere", "ordinary text", true, "ordinary text"],
])("%s has no secret in it", (_what, said, truncated, kept) => {
  expect(answered(said, truncated)).toBe(kept);
});
