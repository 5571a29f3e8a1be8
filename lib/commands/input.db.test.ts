/** A command's input on its way to its worker: each piece once, in order, though answers are lost. */
import { beforeAll, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { placeOf } from "@/lib/sessions/exec.server";
import { publishReady } from "@/prisma/factories/builds";
import { operator } from "@/prisma/factories/people";
import { makeRunningSession } from "@/prisma/factories/sessions";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeSessionWorker } from "@/prisma/factories/workers";
import { countPieces, forgetInput, giveInput, takeInput } from "./output.server";
import { requestCommand } from "./run.server";

useSuiteDatabase();
let commandId: string;
beforeAll(async () => {
  const worker = await makeSessionWorker();
  const session = await makeRunningSession((await publishReady(worker)).profile.id, worker);
  commandId = await requestCommand(
    operator,
    await placeOf(session.id),
    { command: ["cat"], timeoutSeconds: 20 },
    { inputBytes: 9 },
  );
});

it("a piece comes again until the next one is asked for, and goes then", async () => {
  for (const [seq, text] of ["one", "two", "six"].entries())
    expect(await giveInput(commandId, seq, Buffer.from(text))).toBe(true);
  let after: number | null = null;
  for (const [seq, text] of ["one", "two", "six"].entries()) {
    // The answer to the first try is what was lost.
    for (let tries = 0; tries < 2; tries += 1) {
      const piece = await takeInput(commandId, after);
      expect([piece?.seq, Buffer.from(piece?.data ?? []).toString()]).toEqual([seq, text]);
    }
    expect(await countPieces(commandId, true)).toBe(3 - seq);
    after = seq;
  }
  expect(await takeInput(commandId, after)).toBeNull();
  expect(await giveInput(commandId, 3, Buffer.from("late"))).toBe(true);
  await forgetInput(commandId);
  expect(await db().commandChunk.count()).toBe(0);
});
