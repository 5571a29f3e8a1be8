/** `docker build` with BuildKit: one `RUN` for each `## step:` of a script. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { splitSections } from "@/lib/profiles/setup-sections";
import { baseImage } from "./address";
import { docker, MARK, removeImage, timed } from "./docker";

const run = promisify(execFile);

const recordsSchema = z.array(z.object({ ID: z.string(), Description: z.string() }));
/** What a build notes down of itself besides its steps. */
const OF_ANY_BUILD = /^(local source for |from local )/;

export class BuildKit {
  private builds = 0;

  private constructor(
    private readonly command: string,
    private readonly folder: string,
    private readonly earlier: ReadonlySet<string>,
  ) {}

  /** @returns null when no Docker command here can build with BuildKit: newer ones need a plug-in for it. */
  static async find(): Promise<BuildKit | null> {
    const folder = await mkdtemp(path.join(tmpdir(), "kiln-bench-"));
    const earlier = new Set((await cacheRecords()).map(({ ID }) => ID));
    for (const place of (process.env.PATH ?? "").split(path.delimiter)) {
      const buildKit = new BuildKit(path.join(place, "docker"), folder, earlier);
      const works = await buildKit.build("true").then(
        () => true,
        () => false,
      );
      if (works) return buildKit;
    }
    await rm(folder, { recursive: true });
    return null;
  }

  /** One build, in milliseconds. @param cached whether what is known from earlier ones may be used */
  async build(script: string, cached = true): Promise<number> {
    const steps = splitSections(script).map(
      ({ text }) => `RUN ${JSON.stringify(["bash", "-e", "-c", `: ${MARK}\n${text}`])}`,
    );
    await writeFile(path.join(this.folder, "Dockerfile"), [`FROM ${baseImage}`, ...steps, ""].join("\n"));
    this.builds += 1;
    const tag = `${MARK}:build-${this.builds}`;
    const args = ["build", "--quiet", ...(cached ? [] : ["--no-cache"]), "--tag", tag, this.folder];
    const env = { ...process.env, DOCKER_BUILDKIT: "1" };
    try {
      return await timed(() => run(this.command, args, { env, maxBuffer: 64 * 1024 * 1024 }));
    } finally {
      // The layers stay in the cache, which is what the next build begins with.
      await removeImage(tag);
    }
  }

  /** Takes the records of these builds out of the cache, and nobody else's. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
    for (let left = Number.POSITIVE_INFINITY; ; ) {
      const ours = (await cacheRecords()).filter(
        ({ ID, Description }) =>
          Description.includes(MARK) || (OF_ANY_BUILD.test(Description) && !this.earlier.has(ID)),
      );
      // A step's record goes when those of the steps after it have gone.
      if (ours.length === 0 || ours.length >= left) return;
      left = ours.length;
      for (const { ID } of ours) await docker("builder", "prune", "--all", "--force", "--filter", `id=${ID}`);
    }
  }
}

async function cacheRecords() {
  return recordsSchema.parse(
    JSON.parse(await docker("system", "df", "--verbose", "--format", "{{json .BuildCache}}")) ?? [],
  );
}
