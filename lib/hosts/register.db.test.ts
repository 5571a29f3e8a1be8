/** Which engine is which host, and that two with one identity aren't one. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client.server";
import { useSuiteDatabase } from "@/prisma/factories/suite-database";
import type { EngineIdentity } from "./identity";
import { registerWorker, setWorkerStatus } from "./store.server";

useSuiteDatabase();

const engine = (changes: Partial<EngineIdentity> = {}): EngineIdentity => ({
  id: randomUUID(),
  name: "one",
  version: "27.0",
  dataRoot: "/var/lib/docker",
  ...changes,
});
const placed = async (of: EngineIdentity, name = "worker") => {
  const registered = await registerWorker(of, name);
  if ("taken" in registered) throw new Error(registered.taken);
  return registered;
};

describe("an engine's identity", () => {
  it("is the host's: several workers of it are one host's, and a newer version is written down", async () => {
    const first = engine();
    const { hostId, workerId } = await placed(first);
    const second = await placed({ ...first, version: "28.0" });
    expect(second.hostId).toBe(hostId);
    expect(second.workerId).not.toBe(workerId);
    expect(await db().host.findUniqueOrThrow({ where: { id: hostId } })).toMatchObject({ engine: "28.0" });
    expect((await placed(engine())).hostId).not.toBe(hostId);
  });

  it.each([{ name: "copy" }, { dataRoot: "/mnt/docker" }])(
    "that a worker serves isn't given to another one: %o",
    async (changes) => {
      const original = engine();
      const { hostId, workerId } = await placed(original);
      const copy = { ...original, ...changes };
      const refused = await registerWorker(copy, "late");
      expect(refused).toEqual({ taken: expect.stringContaining("has the same identity as that of one") });
      expect(await db().host.findUniqueOrThrow({ where: { id: hostId } })).toMatchObject({
        name: "one",
        dataRoot: "/var/lib/docker",
      });
      expect(await db().worker.count({ where: { hostId } })).toBe(1);
      // A machine that got another name, or another disk: nobody works for it as it was.
      await setWorkerStatus(workerId, "stopped");
      expect((await placed(copy)).hostId).toBe(hostId);
    },
  );

  it("is free again when its worker was lost", async () => {
    const original = engine();
    const { hostId } = await placed(original);
    await db()
      .$executeRaw`UPDATE workers SET seen_at = now() - interval '1 minute' WHERE host_id = ${hostId}::uuid`;
    expect((await placed({ ...original, name: "renamed" })).hostId).toBe(hostId);
  });

  it("is one engine's also when both start at once", async () => {
    const original = engine();
    const many = Array.from({ length: 6 }, (_, index) => ({
      ...original,
      name: index % 2 === 0 ? "one" : "two",
    }));
    const answers = await Promise.all(many.map((one, index) => registerWorker(one, `worker-${index}`)));
    const names = many.filter((_, index) => !("taken" in answers[index]!)).map(({ name }) => name);
    expect(names).toHaveLength(3);
    expect(new Set(names).size).toBe(1);
  });
});
