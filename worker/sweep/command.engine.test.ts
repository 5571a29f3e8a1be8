/** `npm run sweep`: the command asks, a real worker answers, and the table says what and why. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toLabels } from "@/worker/containers/docker/labels";
import { docker } from "@/worker/containers/docker/testing/engine";
import { startKiln, type TestKiln, volumesOf } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
});
afterAll(() => kiln.cleanUp());

async function command(...args: string[]): Promise<string> {
  const program = ["--import", "tsx", "scripts/sweep.ts", ...args];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  return stdout;
}

test("shows what would go, removes it, and then finds nothing", async () => {
  expect(await command("--dry-run")).toBe("There is no host yet: start a worker first.\n");
  const worker = await kiln.startWorker({ KILN_LOG_LEVEL: "debug" });
  // Its first act is a sweep of its own: what is made after that is the command's to find.
  await until("the first sweep to be over", () => worker.said("swept"));
  const Name = `kiln-test-${randomUUID()}`;
  const ownership = { installation: kiln.installation, kind: "session" as const, owner: randomUUID() };
  await docker.createVolume({ Name, Labels: toLabels(ownership) });
  const line = (outcome: string) => new RegExp(`${outcome} +volume +${Name} +its session is over`);
  expect(await command("--dry-run")).toMatch(line("would go"));
  expect(await volumesOf(kiln.installation)).toEqual([Name]);
  expect(await command()).toMatch(line("removed"));
  expect(await volumesOf(kiln.installation)).toEqual([]);
  expect(await command("--dry-run")).toMatch(/: everything that is there is needed\.\n$/);
}, 60_000);
