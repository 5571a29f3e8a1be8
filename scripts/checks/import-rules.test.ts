import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readImportGraph } from "./import-graph.mjs";
import { findShortfalls, findViolations } from "./import-rules.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "kiln-imports-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(files: Record<string, string>): string[] {
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), source);
  }
  return findViolations(readImportGraph(root));
}

describe("each rule finds what it forbids", () => {
  const store = { "lib/a/store.server.ts": "export const a = 1;" };
  const cases: [string, Record<string, string>, RegExp][] = [
    [
      "a cycle",
      { "lib/a.ts": 'import "./b";', "lib/b.ts": 'export * from "@/lib/a";' },
      /^no import cycles: lib\/a\.ts → lib\/b\.ts → lib\/a\.ts$/,
    ],
    ["lib importing app", { "lib/a.ts": 'import "@/app/b";', "app/b.ts": "" }, /^lib imports only lib/],
    [
      "worker importing lib/web",
      { "worker/a.ts": 'import "@/lib/web/b";', "lib/web/b.ts": "" },
      /^worker imports neither/,
    ],
    [
      "app importing worker",
      { "app/a.ts": 'import "@/worker/b";', "worker/b.ts": "" },
      /^app and components never/,
    ],
    [
      "a component importing server code, even a type",
      { "components/a.tsx": 'import type { a } from "@/lib/a/store.server";', ...store },
      /^components import no/,
    ],
    [
      "shared code that reaches server code over another file",
      { "lib/x.ts": 'import "./y";', "lib/y.ts": 'export { a } from "./a/store.server";', ...store },
      /reaches one with it: lib\/x\.ts → lib\/y\.ts → lib\/a\/store\.server\.ts$/,
    ],
    [
      "a client file of app that reaches server code",
      { "app/a.tsx": '"use client";\nimport { a } from "@/lib/a/store.server";', ...store },
      /^a file without \.server never reaches/,
    ],
    [
      "server code imported on demand",
      { "lib/x.ts": 'export const load = () => import("./a/store.server");', ...store },
      /^a file without \.server never reaches/,
    ],
    ["dockerode elsewhere", { "worker/a.ts": 'import Docker from "dockerode";' }, /^dockerode only in/],
    [
      "the Prisma client elsewhere",
      { "lib/a.ts": 'import { Role } from "@/lib/db/generated/client";' },
      /^the Prisma client only in/,
    ],
    [
      "pg-boss elsewhere",
      { "lib/a.server.ts": 'import type { PgBoss } from "pg-boss";' },
      /^pg-boss only in/,
    ],
  ];
  test.each(cases)("%s", (_name, files, message) => {
    expect(plant(files)).toContainEqual(expect.stringMatching(message));
  });
});

test("what is allowed passes", () => {
  const files = {
    "app/page.tsx": 'import "@/lib/a/store.server";\nimport { Card } from "@/components/card";',
    "app/actions/save.ts": '"use server";\nimport { a } from "@/lib/a/store.server";',
    "app/form.tsx": '"use client";\nimport { save } from "./actions/save";',
    "components/card.tsx": 'import { b } from "@/lib/a/wire";\nexport const Card = () => <p>{b}</p>;',
    "lib/a/wire.ts": "export const b = 1;",
    "lib/a/store.server.ts": 'import { db } from "@/lib/db/generated/client";\nimport "./wire";',
    "lib/jobs/boss.server.ts": 'import { PgBoss } from "pg-boss";',
    "worker/containers/docker/connect.ts": 'import Docker from "dockerode";',
    "worker/main.ts": 'import "./containers/docker/connect";\nimport "@/lib/a/store.server";',
    "lib/a/store.db.test.ts": 'import "@/prisma/factories/user";\nimport "./store.server";',
  };
  expect(plant(files)).toEqual([]);
});

test("a reader that sees too little is not trusted", () => {
  plant({ "lib/a.ts": "" });
  expect(findShortfalls(readImportGraph(root))).toContainEqual(
    expect.stringMatching(/only 1 modules seen in lib/),
  );
});
