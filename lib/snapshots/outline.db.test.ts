/** A log's shape, before and after its chunks are packed. */
import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { packLines } from "@/lib/logs/chunk";
import { claimBuild, finishFailed, writeLines } from "@/prisma/factories/builds";
import { publishProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import type { ClaimedSnapshot } from "./claim.server";
import { compactLog } from "./compact-log.server";
import { appendChunk } from "./log-store.server";
import { readOutline } from "./outline.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const claimOne = async () => claimBuild((await publishProfile()).snapshot.id, worker);

async function writeCheck(claimed: ClaimedSnapshot, text: string): Promise<void> {
  const { seq, lines } = claimed.log;
  claimed.log.seq += 1;
  claimed.log.lines += 1;
  const line = { stream: "stdout" as const, at: Date.now(), text };
  await appendChunk(claimed.claim, {
    seq: seq + 1,
    firstLine: lines + 1,
    step: "check",
    ...packLines([line]),
  });
}

describe("readOutline", () => {
  it("tells sections, marks and the cursor while a build runs", async () => {
    const claimed = await claimOne();
    const before = claimed.log.lines;
    await writeLines(claimed, ["::group::Packages", "error: one"]);
    await writeLines(claimed, ["fine", "::endgroup::"]);
    await writeCheck(claimed, "::error::the last");
    const outline = await readOutline(claimed.claim.snapshotId);
    expect(outline).toMatchObject({ lines: before + 5, seq: claimed.log.seq, complete: false, cut: null });
    expect(outline.sections.slice(-2)).toEqual([
      { attempt: 1, step: "setup", from: before + 1, to: before + 4 },
      { attempt: 1, step: "check", from: before + 5, to: before + 5 },
    ]);
    expect(outline.marks.map(({ line, kind, text }) => [line - before, kind, text])).toEqual([
      [1, "group", "Packages"],
      [2, "suspect", "error: one"],
      [4, "endgroup", ""],
      [5, "error", "the last"],
    ]);
  });

  it("stays the same when the chunks are packed", async () => {
    const claimed = await claimOne();
    await writeLines(claimed, ["error: one", "\0 ::warning::\ud800 broken"]);
    await writeCheck(claimed, "done");
    await finishFailed(claimed);
    const id = claimed.claim.snapshotId;
    const before = await readOutline(id);
    expect(before.complete).toBe(true);
    expect(before.marks.map(({ kind, text }) => [kind, text])).toEqual([
      ["suspect", "error: one"],
      ["warning", "\ufffd broken"],
    ]);
    expect(await compactLog(id)).toBeGreaterThan(0);
    expect(await db().logChunk.count({ where: { snapshotId: id } })).toBe(0);
    expect(await readOutline(id)).toEqual(before);
  });

  it("knows no snapshot that isn't there", async () => {
    await expect(readOutline("019ab000-0000-7000-8000-000000000001")).rejects.toThrow("no such snapshot");
  });
});
