/** Builds that write ten lines a second each, for as long as something is measured beside them. */
import { z } from "zod";
import type { Cleanup } from "./cleanup";
import { type Bench, cancelAndWait, publishProfile } from "./kiln";

const START_MS = 300_000;

const crowdScript = `exec 3<> <(:)
i=0
while :; do i=$((i + 1)); echo "line $i of one build among many"; read -t 0.1 -u 3 || true; done
`;

/**
 * Returns when all of them write.
 * @throws Error when they don't within five minutes: the worker builds fewer at a time.
 */
export async function startCrowd(bench: Bench, cleanup: Cleanup, builds: number): Promise<void> {
  const waiting = new Set<string>();
  for (let each = 0; each < builds; each += 1) {
    const spec = {
      setupScript: crowdScript,
      network: "none",
      resources: { cpus: 1, memoryMb: 64, pids: 64 },
    };
    const { slug, snapshotId } = await publishProfile(bench, `Bench crowd ${Date.now()}-${each}`, spec);
    cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
    cleanup.later(`build of ${slug}`, () => cancelAndWait(bench, snapshotId));
    waiting.add(snapshotId);
  }
  const written = z.object({ log: z.object({ lines: z.number() }) });
  for (const deadline = Date.now() + START_MS; waiting.size > 0; ) {
    for (const id of waiting)
      if (written.parse(await bench.call("GET", `/snapshots/${id}`)).log.lines > 20) waiting.delete(id);
    if (Date.now() > deadline)
      throw new Error(
        `${waiting.size} of ${builds} builds don't write yet: start Kiln with KILN_WORKER_CONCURRENCY=${builds + 1}.`,
      );
  }
}
