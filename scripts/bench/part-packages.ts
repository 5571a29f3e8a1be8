/** What Kiln adds to a script that installs 40 packages. */
import { runAndCommit } from "./docker";
import { installScript, packageFacts } from "./forty-packages";
import { timePublish, timeRefresh } from "./kiln";
import type { Pairs } from "./stats";
import type { World } from "./world";

const ROUNDS = 3;
const BAR = 1.05;

export async function packages(world: World): Promise<void> {
  const { url } = await world.repository();
  const { bytes, files } = await packageFacts(await world.packages());
  const script = installScript(url);
  const pairs: Pairs = { kiln: [], beside: [] };
  const slug = await world.draft("packages", { setupScript: script });
  for (let round = 0; round < ROUNDS; round += 1) {
    pairs.beside.push(await runAndCommit(script));
    pairs.kiln.push(await (round === 0 ? timePublish : timeRefresh)(world.bench, slug));
  }
  world.report.ratio("40 packages: click to ready ÷ docker run + commit", pairs, BAR);
  world.report.note(
    `The 40 packages are ${files} files of ${(bytes / 1_000_000).toFixed(0)} MB, from a server on this machine: no network is in any figure.`,
  );
}
