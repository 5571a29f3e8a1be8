import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { installationId } from "@/lib/installation.server";
import { makeProfile } from "@/prisma/factories/profiles";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import { closeHub, type Pointer, Wake } from "./hub.server";

useSuiteDatabase();

const LONG = 20_000;
const notify = (payload: string) => db().$executeRaw`SELECT pg_notify('kiln', ${payload})`;

/** Everything that arrives, and a wait for the one that fits. */
function listen() {
  const seen: Array<Pointer | null> = [];
  const wake = new Wake(
    () => true,
    (pointer) => seen.push(pointer),
  );
  return {
    wake,
    seen,
    async until(fits: (pointer: Pointer | null) => boolean): Promise<void> {
      const deadline = Date.now() + LONG;
      while (!seen.some(fits)) {
        if (Date.now() > deadline) throw new Error(`It didn't arrive; what did is ${JSON.stringify(seen)}.`);
        await wake.next(LONG);
      }
    },
  };
}

describe("the hub", () => {
  it("says that it listens by waking everybody: what came before may have been missed", async () => {
    const { until, wake } = listen();
    await until((pointer) => pointer === null);
    wake.close();
  });

  it("hands on a pointer to what changed, once its transaction has committed", async () => {
    const { until, seen, wake } = listen();
    const profile = await makeProfile();
    await until((pointer) => pointer?.kind === "profile" && pointer.id === profile.id);
    const work = db().$transaction(async (tx) => {
      await tx.profile.update({ where: { id: profile.id }, data: { name: "never" } });
      throw new Error("undone");
    });
    await expect(work).rejects.toThrow("undone");
    const before = seen.length;
    const marker = await makeProfile();
    await until((pointer) => pointer?.id === marker.id);
    expect(seen.slice(before).some((pointer) => pointer?.id === profile.id)).toBe(false);
    wake.close();
  });

  it("isn't stopped by notifications that it can't read", async () => {
    const { until, wake } = listen();
    for (const payload of [
      "",
      "{",
      "null",
      '{"kind":"profile"}',
      '{"kind":"other","id":"x"}',
      "x".repeat(7_000),
    ])
      await notify(payload);
    const profile = await makeProfile();
    await until((pointer) => pointer?.id === profile.id);
    wake.close();
  });

  it("comes back by itself when its connection is ended, and tells so", async () => {
    const { until, seen, wake } = listen();
    const first = await makeProfile();
    await until((pointer) => pointer?.id === first.id);
    seen.length = 0;
    await db()
      .$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kiln-events'`;
    await until((pointer) => pointer === null);
    const second = await makeProfile();
    await until((pointer) => pointer?.id === second.id);
    wake.close();
  });

  it("can be closed while it connects, and opened again", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { wake } = listen();
      await closeHub();
      wake.close();
    }
    const { until, wake } = listen();
    await until((pointer) => pointer === null);
    wake.close();
  });
});

describe("a wake-up", () => {
  it("that comes between two waits isn't lost", async () => {
    // Listening first: on a hub that is open already nothing else says that it listens.
    const others = listen();
    const profile = await makeProfile();
    const wake = new Wake((pointer) => pointer.id === profile.id);
    await others.until((pointer) => pointer === null || pointer.id === profile.id);
    await wake.next(0);
    await db().profile.update({ where: { id: profile.id }, data: { name: "moved" } });
    await others.until((pointer) => pointer?.id === profile.id);
    const started = performance.now();
    await wake.next(LONG);
    expect(performance.now() - started).toBeLessThan(LONG / 2);
    others.wake.close();
    wake.close();
  });

  it("ends at its signal, at its time, and when it is closed", async () => {
    const wake = new Wake(() => false);
    const stop = new AbortController();
    const waits = wake.next(LONG, stop.signal);
    stop.abort();
    await waits;
    await wake.next(LONG, stop.signal);
    await wake.next(1);
    const last = wake.next(LONG);
    wake.close();
    await last;
  });
});

it("the installation has one id, whoever asks first", async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, () => installationId()));
  expect(new Set(ids).size).toBe(1);
  expect(await db().installation.count()).toBe(1);
});
