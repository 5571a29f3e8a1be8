/** F22: the clock of a worker is ten minutes off. Only the database's counts: for leases, limits and everything that is written down. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { clearCaches } from "@/lib/caches/clear.server";
import { db } from "@/lib/db/client.server";
import { putSchedule } from "@/lib/schedules/store.server";
import { createSession } from "@/lib/sessions/create.server";
import { execInSession } from "@/lib/sessions/exec.server";
import { stopSession } from "@/lib/sessions/stop.server";
import { getSession } from "@/lib/sessions/store.server";
import { built, ended, operator, publish, storedLines } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";
import { clockOff } from "@/worker/testing/wrong-clock";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterEach(() => Promise.all(kiln.workers.map((worker) => worker.kill())));
afterAll(() => kiln.cleanUp());

/** Moments in the rows that are as far off as the clock was, by column. */
async function wrongMoments(from: Date, minutes: number): Promise<string[]> {
  const columns = await db().$queryRaw<Array<{ table: string; column: string }>>`
    SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' ORDER BY 1, 2`;
  const wrong = [];
  for (const { table, column } of columns) {
    const [row] = await db().$queryRawUnsafe<Array<{ count: number }>>(
      `SELECT count(*)::int AS count FROM "${table}"
       WHERE "${column}" BETWEEN $1::timestamptz + make_interval(mins => $2) AND now() + make_interval(mins => $2)`,
      from,
      minutes,
    );
    if (row && row.count > 0) wrong.push(`${table}.${column}`);
  }
  return wrong;
}

describe.each([10, -10])("a worker's clock that is %i minutes off", (minutes) => {
  const startWrong = () => kiln.startWorker({ ...clockOff(minutes), KILN_SWEEP_SECONDS: "1" });

  test("nothing that it writes down is as wrong, nor is a line of a log", async () => {
    const from = new Date(Date.now() - 1_000);
    const before = await wrongMoments(from, minutes);
    const worker = await startWrong();
    const { slug, id } = await built({
      setupScript: "echo going; : > /cached/file",
      caches: ["/cached"],
      check: "true",
    });
    await until(
      "the cache to be measured",
      async () => (await db().cache.findFirst({ where: { bytes: { not: null } } })) !== null,
    );
    await clearCaches(operator, slug);
    await until(
      "the cache to be clear",
      async () => (await db().cache.findFirst({ where: { clearedAt: { not: null } } })) !== null,
    );
    const session = await createSession(operator, { profile: slug, env: {}, wait: "running" });
    await execInSession(operator, session.id, { command: ["true"], timeoutSeconds: 10 });
    await stopSession(operator, session.id);
    await until("it to be stopped", async () => (await getSession(session.id)).status === "stopped");
    const { startedAt, finishedAt } = await db().snapshot.findUniqueOrThrow({ where: { id } });
    for (const { at, text } of await storedLines(id)) {
      expect(Date.parse(at), text).toBeGreaterThan((startedAt?.getTime() ?? Infinity) - 2_000);
      expect(Date.parse(at), text).toBeLessThan((finishedAt?.getTime() ?? 0) + 2_000);
    }
    expect(await wrongMoments(from, minutes)).toEqual(before);
    expect(worker.errors()).toBe("");
  });

  test("its builds are its own for as long as they run, beside a worker whose clock is right", async () => {
    const wrong = await startWrong();
    await kiln.startWorker();
    const { snapshotId } = await publish({
      setupScript: "for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 1; done",
    });
    const other = await publish({ setupScript: "sleep 300", timeouts: { setupSeconds: 5 } });
    const end = await ended(other.snapshotId);
    expect(end).toMatchObject({ status: "failed", attempt: 1, failure: { code: "setup_timed_out" } });
    const setup = end.steps.find(({ name }) => name === "setup");
    const ran = Date.parse(setup?.finishedAt ?? "") - Date.parse(setup?.startedAt ?? "");
    expect(ran).toBeGreaterThan(4_000);
    expect(ran).toBeLessThan(9_000);
    expect(await ended(snapshotId)).toMatchObject({ status: "ready", attempt: 1 });
    const said = [...(await storedLines(snapshotId)), ...(await storedLines(other.snapshotId))];
    expect(said.filter(({ text }) => text.includes("goes on with this build"))).toEqual([]);
    expect(wrong.running).toBe(true);
  });

  test("a schedule that is due is started once, and one that isn't yet isn't", async () => {
    await startWrong();
    const due = await built({ setupScript: `: ${minutes}` });
    const later = await publish({ setupScript: `: later ${minutes}` });
    const hourly = { cron: "0 * * * *", timezone: "UTC", enabled: true };
    for (const { slug } of [due, later]) await putSchedule(operator, slug, 1, hourly);
    const setDue = (slug: string, seconds: number) => db().$executeRaw`
      UPDATE schedules s SET due_at = now() + make_interval(secs => ${seconds}::int), run_at = now() + make_interval(secs => ${seconds}::int)
      FROM versions v JOIN profiles p ON p.id = v.profile_id WHERE v.id = s.version_id AND p.slug = ${slug}`;
    await setDue(later.slug, 300);
    await setDue(due.slug, -1);
    const runs = (slug: string) => db().scheduleRun.count({ where: { version: { profile: { slug } } } });
    await until("the one that is due to be started", async () => (await runs(due.slug)) === 1);
    expect(await runs(later.slug)).toBe(0);
  });
});
