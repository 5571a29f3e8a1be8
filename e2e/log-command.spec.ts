/** `npm run logs`, as a person on another machine runs it: with an address and a token, and a network that breaks. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { makeToken } from "@/prisma/factories/people";
import { gate, openGate, rows } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

interface Printing {
  /** What it has printed so far. */
  soFar: () => string;
  ended: Promise<{ code: number | null; printed: string; noted: string }>;
}

/** Without what a person elsewhere doesn't have: the database's address, most of all. */
function printLog(url: string, token: string, ...args: string[]): Printing {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ["scripts/logs.mjs", ...args], {
    env: { PATH, HOME, NODE_ENV: "production", KILN_URL: url, KILN_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    printed += piece;
  });
  const noted = text(child.stderr);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    soFar: () => printed,
    ended: ended.then(async (code) => ({ code, printed, noted: await noted })),
  };
}

test("a log is printed while it grows, through a cut, to its end", async ({ api, line }) => {
  const token = await makeToken("viewer");
  const { snapshot } = await api.publishProfile("Printed", {
    setupScript: `${rows(1, 300)}\n${gate("a")}\n${rows(301, 600)}\n${gate("b")}\necho the end >&2; exit 3`,
  });
  const printing = printLog(line.url, token, snapshot.id, "--follow");
  await expect.poll(printing.soFar, { timeout: 60_000 }).toContain("row 300\n");
  line.cut();
  await openGate(snapshot.id, "a");
  await expect.poll(async () => (await api.log(snapshot.id)).at(-1)?.text).toBe("row 600");
  line.mend();
  await expect.poll(printing.soFar, { timeout: 30_000 }).toContain("row 600\n");
  await openGate(snapshot.id, "b");
  const { code, printed, noted } = await printing.ended;
  const truth = (await api.log(snapshot.id)).map(({ text }) => `${text}\n`).join("");
  expect(printed).toBe(truth);
  expect(printed).toContain("the end\n");
  expect(noted).toContain("Connecting again: ");
  // It failed, and a script that waits for it wants to know.
  expect(code).toBe(1);

  const again = await printLog(line.url, token, snapshot.id).ended;
  expect(again).toMatchObject({ code: 1, printed: truth });
  const refused = await printLog(line.url, "kiln_wrong", snapshot.id).ended;
  expect(refused).toMatchObject({ code: 2, printed: "" });
});
