/** What a warm cache of the package manager's downloads saves, where downloads cost what they do elsewhere. */
import { installScript } from "./forty-packages";
import { Refused, timePublish, timeRefresh } from "./kiln";
import type { Pairs } from "./stats";
import { Unsupported, type World } from "./world";

const ROUNDS = 3;
const BAR = 0.7;
const MEGABYTES_PER_SECOND = 8;

export async function caches(world: World): Promise<void> {
  const { url } = await world.repository(MEGABYTES_PER_SECOND * 1_000_000);
  // The first build fills the cache.
  const warm = await world
    .ready("caches", { setupScript: installScript(url, true), caches: ["/var/cache/apt"] })
    .catch((error: unknown) => {
      if (error instanceof Refused && error.status === 422)
        throw new Unsupported("not supported by this Kiln");
      throw error;
    });
  const plain = await world.draft("without caches", { setupScript: installScript(url) });
  const pairs: Pairs = { kiln: [], beside: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    pairs.beside.push(await (round === 0 ? timePublish : timeRefresh)(world.bench, plain));
    pairs.kiln.push(await timeRefresh(world.bench, warm));
  }
  world.report.ratio("40 packages: refresh with warm caches ÷ without", pairs, BAR);
  world.report.note(
    `For the caches' figure the packages come at ${MEGABYTES_PER_SECOND} MB/s a connection; without caches the script ends with apt-get clean.`,
  );
}
