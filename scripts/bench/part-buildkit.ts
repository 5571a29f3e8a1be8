/** The same steps by `docker build` with BuildKit: from nothing, with the last step changed, with nothing changed. */
import { setTimeout as delay } from "node:timers/promises";
import type { BuildKit } from "./buildkit";
import { MARK } from "./docker";
import { installInSteps } from "./forty-packages";
import { prepareDraft, timePublish, timeRefresh } from "./kiln";
import { median, type Pairs } from "./stats";
import { Unsupported, type World } from "./world";

const COLD_ROUNDS = 2;
const ROUNDS = 5;
const CHANGED_BAR = 1.3;
const UNCHANGED_BAR_MS = 1000;
/** Nobody edits faster. Both sides get it: what either does after a build is over by then. */
const EDIT_MS = 4_000;
/** A last step that takes this part of the whole was not the only one to run. */
const ALL_RAN = 0.7;

/** Last steps: what they do, and how often they have been changed. */
const trivialStep = (change: number) => `echo "settings ${change}" > /etc/bench-settings`;
const busyStep = (change: number) => `${trivialStep(change)}
mkdir -p /opt/bench && head -c 20000000 /dev/urandom | sha512sum > /opt/bench/sum
for i in $(seq 1 500); do echo "$i ${change}" > /opt/bench/$i; done
gzip -9 -c /usr/bin/git > /opt/bench/git.gz`;

export async function buildkit(world: World): Promise<void> {
  const buildKit = await world.buildKitOrNothing();
  if (!buildKit) throw new Unsupported("no docker command here builds with BuildKit");
  world.report.note(
    "BuildKit enforces no limits on this engine (memory, processes, capabilities); Kiln enforces them in every figure.",
  );
  world.report.note(
    `Between two edits of the last step there are ${EDIT_MS / 1000} s, after which a sandbox waits for the next one. BuildKit gets the same pause.`,
  );
  const { url } = await world.repository();
  const script = (last: string) => installInSteps(url, `: ${MARK}\n${last}`);
  const slug = await world.draft("buildkit", { setupScript: script(trivialStep(0)) });
  const cold: Pairs = { kiln: [], beside: [] };
  for (let round = 0; round < COLD_ROUNDS; round += 1) {
    cold.beside.push(await buildKit.build(script(trivialStep(0)), false));
    cold.kiln.push(await (round === 0 ? timePublish : timeRefresh)(world.bench, slug));
  }
  world.report.ratio("Everything runs, in 4 steps ÷ BuildKit --no-cache", cold, null);
  const reuses = await lastStep(world, buildKit, slug, median(cold.kiln), {
    what: "Only the last step changed, a line ÷ BuildKit",
    script: (change) => script(trivialStep(change)),
  });
  if (!reuses) return;
  await lastStep(world, buildKit, slug, median(cold.kiln), {
    what: "Only the last step changed, 1 s of work ÷ BuildKit",
    script: (change) => script(busyStep(change)),
  });
  await unchanged(world, buildKit, slug, script(busyStep(ROUNDS)));
}

/** @returns whether Kiln left the steps before it alone. */
async function lastStep(
  { bench, report }: World,
  buildKit: BuildKit,
  slug: string,
  coldMs: number,
  { what, script }: { what: string; script: (change: number) => string },
): Promise<boolean> {
  const pairs: Pairs = { kiln: [], beside: [] };
  for (let change = 1; change <= ROUNDS; change += 1) {
    await prepareDraft(bench, slug, { setupScript: script(change) });
    await delay(EDIT_MS);
    const took = await timePublish(bench, slug);
    if (took > ALL_RAN * coldMs) {
      report.missing(what, "not supported by this Kiln: every step ran again");
      return false;
    }
    pairs.kiln.push(took);
    await delay(EDIT_MS);
    pairs.beside.push(await buildKit.build(script(change)));
  }
  report.ratio(what, pairs, CHANGED_BAR);
  return true;
}

async function unchanged(
  { bench, report }: World,
  buildKit: BuildKit,
  slug: string,
  script: string,
): Promise<void> {
  const pairs: Pairs = { kiln: [], beside: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    await prepareDraft(bench, slug);
    pairs.kiln.push(await timePublish(bench, slug));
    pairs.beside.push(await buildKit.build(script));
  }
  report.ratio("Nothing changed ÷ BuildKit", pairs, null);
  report.limit("Nothing changed: click to ready", pairs.kiln, UNCHANGED_BAR_MS);
}
