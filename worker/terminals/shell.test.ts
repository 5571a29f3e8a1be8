/** A shell whose program takes nothing of what it is told. */
import { expect, it } from "vitest";
import type { TerminalProcess } from "@/worker/containers/terminal-types";
import { Shell } from "./shell";

/** What a program writes to ask where the cursor is: the terminal answers each. */
const ASKED = "\u001b[6n";
const ASKS = 100_000;

it("holds back no more than a little of what its terminal answers, and survives that it can't be told", async () => {
  const { promise: stuck, reject: breaks } = Promise.withResolvers<void>();
  let held = 0;
  const program: TerminalProcess = {
    output: (async function* () {
      for (let round = 0; round < 10; round += 1) yield Buffer.from(ASKED.repeat(ASKS / 10));
      breaks(new Error("The connection broke."));
    })(),
    write: (data) => {
      held += data.length;
      return stuck;
    },
    resize: () => Promise.resolve(),
    exitCode: () => Promise.resolve(0),
    end: () => Promise.resolve(),
  };
  const whose = { kind: "session", id: "0193a1b2-0000-7000-8000-0123456789ab" } as const;
  const shell = new Shell(whose, "container", program, { columns: 80, rows: 24 }, () =>
    Promise.resolve(null),
  );
  expect(await shell.over).toMatchObject({ code: "exited" });
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(10_000);
});
