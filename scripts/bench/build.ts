/**
 * The same setup script by `docker run` and `docker commit` in a shell, and by Kiln from the request to ready,
 * in turn: what Kiln adds. The bar is 1.5 s.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { baseImage, publishProfile, untilReady, withToken } from "./kiln";
import { median, summary } from "./stats";

const run = promisify(execFile);
const ROUNDS = 9;

/** Small files are the bill of a capture; lines are the bill of a log. */
const script = `mkdir -p /opt/bench
for i in $(seq 1 2000); do echo "file $i" > /opt/bench/$i; done
head -c 40000000 /dev/urandom > /opt/bench/blob
for i in $(seq 1 5000); do echo "line $i of the benchmark's setup script"; done
sleep 1
`;

async function plain(round: number): Promise<number> {
  const name = `kiln-bench-${process.pid}-${round}`;
  const start = performance.now();
  await run("docker", ["run", "--name", name, baseImage, "bash", "-e", "-c", script], {
    maxBuffer: 64 * 1024 * 1024,
  });
  await run("docker", ["commit", name, `${name}:bench`]);
  const took = performance.now() - start;
  await run("docker", ["rm", name]);
  await run("docker", ["rmi", `${name}:bench`]);
  return took;
}

await withToken(async (bench) => {
  const { slug, snapshotId } = await publishProfile(bench, `Bench build ${Date.now()}`, {
    setupScript: script,
  });
  await untilReady(bench, snapshotId);
  await plain(0);
  const plainTimes: number[] = [];
  const kilnTimes: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    plainTimes.push(await plain(round));
    const start = performance.now();
    const answer = await bench.call("POST", `/profiles/${slug}/versions/1/refresh`);
    await untilReady(bench, z.object({ snapshot: z.object({ id: z.uuid() }) }).parse(answer).snapshot.id);
    kilnTimes.push(performance.now() - start);
  }
  const differences = kilnTimes.map((time, index) => time - (plainTimes[index] ?? Number.NaN));
  console.log(summary("docker run + docker commit", plainTimes));
  console.log(summary("Kiln, from the request to ready", kilnTimes));
  console.log(summary("Kiln adds (pair by pair)", differences));
  console.log(
    `ratio of the medians ${(median(kilnTimes) / median(plainTimes)).toFixed(3)}; bar: adds less than 1500 ms`,
  );
  await bench.call("DELETE", `/profiles/${slug}`);
});
