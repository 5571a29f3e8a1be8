/**
 * From the request for a session to the answer of its first command, against `docker run` and `docker exec` of the same image, one
 * after the other in turn.
 */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { execAnswerSchema } from "@/lib/commands/wire";
import { sessionSchema } from "@/lib/sessions/wire";
import { Cleanup } from "./cleanup";
import { docker, MARK, timed } from "./docker";
import { type Bench, publishProfile, untilReady } from "./kiln";
import type { Report } from "./report";
import type { Pairs } from "./stats";

const ROUNDS = 15;
const BAR = 1.2;
const COMMAND = ["echo", "hello"];

export async function partStart(bench: Bench, report: Report): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const { slug, snapshotId } = await publishProfile(bench, `Bench start ${Date.now()}`, {});
    cleanup.later(`profile ${slug}`, () => bench.call("DELETE", `/profiles/${slug}`));
    const { image } = await untilReady(bench, snapshotId);
    if (!image) throw new Error(`snapshot ${snapshotId} is ready and has no image`);
    // What either does only once is done before.
    await ours(bench, slug);
    await plain(image.id);
    const pairs: Pairs = { kiln: [], beside: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      pairs.beside.push(await plain(image.id));
      pairs.kiln.push(await ours(bench, slug));
    }
    report.ratio("start to first answer ÷ docker run + docker exec", pairs, BAR);
  } finally {
    await cleanup.run();
  }
}

async function ours({ call }: Bench, slug: string): Promise<number> {
  let id: string | undefined;
  try {
    return await timed(async () => {
      const session = sessionSchema.parse(
        await call("POST", "/sessions", { profile: slug, wait: "running" }),
      );
      id = session.id;
      if (session.status !== "running") throw new Error(`session ${id} is ${session.status}`);
      answered(
        execAnswerSchema.parse(await call("POST", `/sessions/${id}/exec`, { command: COMMAND })).stdout,
      );
    });
  } finally {
    if (id) await deleted({ call }, id);
  }
}

/** Its container's end must not fall into what is measured next. */
async function deleted({ call }: Pick<Bench, "call">, id: string): Promise<void> {
  await call("DELETE", `/sessions/${id}`);
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(20))
    if ((await docker("ps", "--all", "--quiet", "--filter", `label=dev.kiln.owner=${id}`)) === "") return;
  throw new Error(`the container of session ${id} is still there`);
}

async function plain(image: string): Promise<number> {
  const name = `${MARK}-session`;
  try {
    return await timed(async () => {
      await docker("run", "--detach", "--name", name, image, "sleep", "600");
      answered(`${await docker("exec", name, ...COMMAND)}\n`);
    });
  } finally {
    await docker("rm", "--force", name);
  }
}

function answered(stdout: string): void {
  z.literal("hello\n").parse(stdout);
}
