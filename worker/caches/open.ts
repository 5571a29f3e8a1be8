/** From the paths that a version names to the volumes that its build's containers get. */
import { takeCaches } from "@/lib/caches/take.server";
import { insist } from "@/lib/db/insist.server";
import type { ClaimedSnapshot } from "@/lib/snapshots/claim.server";
import { isAptCache } from "@/worker/build-snapshot/apt-cache";
import type { CacheMount } from "@/worker/containers/types";

/** A build whose cache another one has goes on without it: slower, and with the same result. */
export async function openCaches(
  { claim, spec: { caches } }: ClaimedSnapshot,
  installation: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<CacheMount[]> {
  if (caches.length === 0) return [];
  const { profileId, taken, busy } = await insist(
    () => takeCaches(claim, caches, caches.filter(isAptCache)),
    signal,
  );
  if (taken.length > 0) say(`Caches: ${taken.map(({ path }) => path).join(" ")}`);
  for (const { path, number } of busy)
    say(`Cache ${path} is in use by snapshot #${number}: this build goes on without it`);
  const ownership = { installation, kind: "cache" as const, owner: profileId };
  return taken.map((cache) => ({ ...cache, ownership }));
}
