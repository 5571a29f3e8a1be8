/** F28: the database is changed by a newer release while workers run. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { built } from "@/worker/testing/builds";
import { startKiln, type TestKiln } from "@/worker/testing/installation";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

test("a worker that runs goes on; one of an older release is refused with one sentence, until it is the same release", async () => {
  const running = await kiln.startWorker();
  await db().$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, started_at, applied_steps_count)
    VALUES ('newer', '', '29990101000000_newer', now(), now(), 1)`;
  const refused = await kiln.startWorker().catch(String);
  expect(refused).toContain(
    "A newer release of Kiln has changed the database (29990101000000_newer), and this worker doesn't know how: start a worker of that release.",
  );
  expect(await built({ setupScript: "true" })).toMatchObject({ status: "ready", worker: running.name });
  expect(await db().worker.count()).toBe(1);
  await db().$executeRaw`DELETE FROM _prisma_migrations WHERE id = 'newer'`;
  await kiln.startWorker();
});
