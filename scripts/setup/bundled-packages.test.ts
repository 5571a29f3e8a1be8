import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";
import { withSparseTables } from "./bundled-packages.mjs";

const installed = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@prisma/client/runtime/client")),
  "client.mjs",
);

test("both tables of the installed Prisma's graph become sparse ones, and nothing else of it changes", () => {
  const before = readFileSync(installed, "utf8");
  const after = withSparseTables(before);
  expect(after.split("{1e7:void 0}")).toHaveLength(3);
  expect(after.replaceAll("{1e7:void 0}", "{}")).toBe(before);
});

test("a Prisma that is written in another way stays as it is", () => {
  expect(withSparseTables("export const graph = new Map();")).toBe("export const graph = new Map();");
});
