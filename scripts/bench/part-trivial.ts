/** What Kiln adds to a script that does nothing. */
import { runAndCommit } from "./docker";
import { timeRefresh } from "./kiln";
import type { Pairs } from "./stats";
import type { World } from "./world";

const ROUNDS = 9;
const BAR_MS = 800;
const SCRIPT = "echo hello\n";

export async function trivial(world: World): Promise<void> {
  const slug = await world.ready("trivial", { setupScript: SCRIPT });
  await runAndCommit(SCRIPT);
  const pairs: Pairs = { kiln: [], beside: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    pairs.beside.push(await runAndCommit(SCRIPT));
    pairs.kiln.push(await timeRefresh(world.bench, slug));
  }
  world.report.difference("Trivial script: click to ready − docker run + commit", pairs, BAR_MS);
}
