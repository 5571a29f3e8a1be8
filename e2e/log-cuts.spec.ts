/**
 * One build that prints numbered lines, while at random its reader goes offline, and the web, the worker and Postgres
 * are killed or restarted, also several at a time. In the end every line is there once, in order, in the page that was
 * open all the time and in the download. KILN_CUTS_SEED repeats the choices of an earlier run, KILN_CUTS makes it longer.
 */
import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Chance } from "@/worker/testing/random";
import { Api } from "./fixtures/api";
import { type FragileKiln, startFragileKiln } from "./fixtures/fragile-kiln";
import { openLine } from "./fixtures/line";
import { expectWhole, logOf } from "./fixtures/log-view";
import { unique } from "./fixtures/names";
import { trySignIn } from "./fixtures/people";
import { openGate } from "./fixtures/scripts";
import { expect, test } from "./fixtures/test";

const CUTS = Number(process.env.KILN_CUTS ?? 200);
const seed = Number(process.env.KILN_CUTS_SEED ?? randomInt(2 ** 31));

/** Some 40 lines a second, until the gate opens. */
const numbered = () => `i=0; until [ -e /tmp/gate-a ]; do i=$((i + 1)); echo "row $i"; sleep 0.02; done
echo "rows: $i" # ${unique("cuts")}`;

let kiln: FragileKiln;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  kiln = await startFragileKiln();
});
test.afterAll(() => kiln.stop());

test(`${CUTS} cuts at random: no line is lost, none is there twice, in order`, async ({ page, watch }) => {
  test.setTimeout(600_000);
  watch.expect(/ERR_|Failed to fetch|: 50\d: |^50\d|status of 50\d/);
  const api = new Api(kiln.token, kiln.url);
  const { snapshot } = await api.publishProfile("Cut to pieces", { setupScript: numbered() });
  const line = await openLine(kiln.url);
  await page.goto(kiln.url);
  await trySignIn(page, kiln.admin.email, kiln.admin.password);
  await expect(page).toHaveURL(`${kiln.url}/profiles`);
  await page.goto(`${line.url}/snapshots/${snapshot.id}`);
  const log = logOf(page);
  await expect(log.getByText(/^row \d+$/).first()).toBeVisible({ timeout: 30_000 });

  const chance = new Chance(seed);
  const reader = chance.branch();
  const offline = async () => {
    await page.context().setOffline(true);
    line.cut();
    await pause(reader.between(50, 500));
    line.mend();
    await page.context().setOffline(false);
  };
  const done = await storm(CUTS, [
    { name: "offline", chance: reader, strike: offline },
    { name: "web killed", chance: chance.branch(), strike: kiln.restartWeb },
    { name: "worker killed", chance: chance.branch(), strike: kiln.replaceWorker },
    { name: "Postgres restarted", chance: chance.branch(), strike: kiln.restartPostgres },
  ]);
  const told = JSON.stringify({ seed, ...done });
  test.info().annotations.push({ type: "cuts", description: told });
  expect(Object.keys(done).length, told).toBe(4);

  await expect.poll(async () => (await api.ask("GET", `/snapshots/${snapshot.id}`)).status).toBe(200);
  await openGate(snapshot.id);
  const ended = await api.ended(snapshot.id);
  expect(ended, told).toMatchObject({ status: "ready", failure: null, attempt: 1 });
  const truth = await api.log(snapshot.id);
  const printed = truth.filter(({ stream }) => stream === "stdout").map(({ text }) => text);
  const last = Number(/^rows: (\d+)$/.exec(printed.at(-1) ?? "")?.[1]);
  expect(last).toBeGreaterThan(CUTS);
  expect(printed.slice(0, -1)).toEqual(Array.from({ length: last }, (_row, index) => `row ${index + 1}`));

  await expect(page.getByText("Serving", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expectWhole(log, truth);
  const href = await page.getByRole("link", { name: "Download the raw log" }).getAttribute("href");
  const raw = await page.request.get(new URL(href ?? "", kiln.url).href);
  expect(await raw.text()).toBe(`${truth.map(({ text }) => text).join("\n")}\n`);
  await line.close();
});

interface Fault {
  name: string;
  chance: Chance;
  strike: () => Promise<void>;
}

/**
 * All of them at once, each at its own random moments, until there were so many. When one goes wrong the others end
 * before it is told: nothing may start again what the test's end has stopped. @returns how often each struck.
 */
async function storm(cuts: number, faults: readonly Fault[]): Promise<Record<string, number>> {
  const done: Record<string, number> = {};
  let left = cuts;
  const rage = async ({ name, chance, strike }: Fault) => {
    while (left > 0) {
      left -= 1;
      await strike();
      done[name] = (done[name] ?? 0) + 1;
      await pause(chance.between(50, 1_000));
    }
  };
  const ends = await Promise.allSettled(
    faults.map((fault) =>
      rage(fault).catch((error: unknown) => {
        left = 0;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return done;
}
