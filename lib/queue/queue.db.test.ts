import { beforeAll, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { requestSnapshot } from "@/lib/snapshots/request.server";
import { systemActor } from "@/lib/users/roles";
import { claimBuild, publishReady, requestRefresh } from "@/prisma/factories/builds";
import { codeOf } from "@/prisma/factories/errors";
import { operator } from "@/prisma/factories/people";
import type { Published } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { makeWorker, type TestWorker } from "@/prisma/factories/workers";
import { listQueue, runNext } from "./queue.server";

useSuiteDatabase();
let worker: TestWorker;
beforeAll(async () => {
  worker = await makeWorker();
});

const bySchedule = ({ version }: Published) =>
  db().$transaction((tx) =>
    requestSnapshot(tx, systemActor, { versionId: version.id, trigger: "schedule", mode: "full" }),
  );
const order = async () => (await listQueue()).waiting.map(({ snapshot, lane }) => [snapshot.id, lane]);

describe("the order of what waits", () => {
  it("people, machines by how many their profile has, and what somebody put first", async () => {
    const [first, second, third] = [
      await publishReady(worker),
      await publishReady(worker),
      await publishReady(worker),
    ];
    const machines = [(await bySchedule(first)).snapshot.id, (await bySchedule(second)).snapshot.id];
    const person = (await requestRefresh(third.profile.id)).snapshot.id;
    expect(await order()).toEqual([
      [person, "people"],
      [machines[0], "machines"],
      [machines[1], "machines"],
    ]);
    await runNext(operator, machines[1] ?? "");
    expect(await order()).toEqual([
      [machines[1], "next"],
      [person, "people"],
      [machines[0], "machines"],
    ]);
    // Whoever joins it waits for it, too, and it was asked for before.
    expect(await requestRefresh(first.profile.id)).toMatchObject({ joined: true });
    expect((await order()).map(([id]) => id)).toEqual([machines[1], machines[0], person]);
    expect((await order())[1]).toEqual([machines[0], "people"]);

    await claimBuild(person, worker);
    const { running, waiting, total } = await listQueue();
    expect(running.map(({ id }) => id)).toEqual([person]);
    expect(waiting).toHaveLength(2);
    expect(total).toBe(2);
    expect(await codeOf(runNext(operator, person))).toBe("not_queued");
  });

  it("what was put first stays first when somebody joins it", async () => {
    const [one, other] = [await publishReady(worker), await publishReady(worker)];
    const { snapshot } = await bySchedule(one);
    await requestRefresh(other.profile.id);
    await runNext(operator, snapshot.id);
    await requestRefresh(one.profile.id);
    expect(await order()).toContainEqual([snapshot.id, "next"]);
  });
});
