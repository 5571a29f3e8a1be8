/** The runtime plan on real containers: packages, repositories and the sections of the setup script. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { BOOKWORM, BUSYBOX, docker } from "@/worker/containers/docker/testing/engine";
import { built, inStep, output, publish, storedLines } from "@/worker/testing/builds";
import { type GitServer, serveRepository } from "@/worker/testing/git-server";
import { inImage } from "@/worker/testing/images";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

let kiln: TestKiln;
let git: GitServer;
beforeAll(async () => {
  kiln = await startKiln();
  await kiln.startWorker();
  git = await serveRepository();
});
afterAll(async () => {
  await git.stop();
  await kiln.cleanUp();
});

/** With those that others were made from. */
const allImages = async (owner: string) =>
  (await docker.listImages({ all: true, filters: { label: [`dev.kiln.owner=${owner}`] } })).map(
    ({ Id }) => Id,
  );

/** But what its steps left for later builds. */
const nothingLeft = (owner: string) =>
  until("nothing to be left of the build", async () => {
    const kept = await db().layer.findMany({ where: { snapshotId: owner }, select: { imageId: true } });
    const left = (await allImages(owner)).filter((id) => !kept.some(({ imageId }) => imageId === id));
    return (await containersOf(kiln.installation, owner)).length + left.length === 0;
  });

const large = { resources: { cpus: 2, memoryMb: 1024, pids: 256 }, network: "bridge" as const };
const debian = { baseImage: BOOKWORM, ...large };

describe("sections", () => {
  test("share files and the folder, not variables; each has its title, its lines and its duration", async () => {
    const snapshot = await built({
      setupScript: [
        "## step: Write",
        "export MINE=1; cd /tmp; echo one > /kept; echo wrote",
        "## step: Read it again",
        'cat /kept; echo "mine: ${MINE:-unset}, in $PWD"',
        "## step: Third",
        "echo three",
      ].join("\n"),
    });
    expect(snapshot.failure).toBeNull();
    const steps = snapshot.steps.filter(({ name }) => name.startsWith("setup"));
    expect(steps.map(({ name, title, status }) => [name, title, status])).toEqual([
      ["setup:1", "Write", "done"],
      ["setup:2", "Read it again", "done"],
      ["setup:3", "Third", "done"],
    ]);
    for (const { startedAt, finishedAt } of steps)
      expect(Date.parse(finishedAt!)).toBeGreaterThan(Date.parse(startedAt!));
    expect(await output(snapshot.id, "setup:1")).toBe("wrote");
    expect(await output(snapshot.id, "setup:2")).toBe("one\nmine: unset, in /workspace");
    expect(await output(snapshot.id, "setup:3")).toBe("three");
    expect(await inImage(snapshot.image!.reference, ["cat", "/kept"])).toBe("one\n");
    const made = await docker.getImage(snapshot.image!.id).inspect();
    const base = await docker.getImage(BUSYBOX).inspect();
    expect([made.Config.Cmd, made.Config.Entrypoint, made.Config.User]).toEqual([
      base.Config.Cmd,
      base.Config.Entrypoint ?? [],
      base.Config.User,
    ]);
    await until(
      "the containers to go",
      async () => (await containersOf(kiln.installation, snapshot.id)).length === 0,
    );
  });

  test("the middle one fails: what follows doesn't run, and nothing is left", async () => {
    const snapshot = await built({
      setupScript: "echo zero\n## step: Break\necho broken; exit 7\n## step: Never\necho never\n",
    });
    expect(snapshot.failure).toMatchObject({ code: "setup_failed", step: "setup:2", exitCode: 7 });
    expect(snapshot.failure!.message).toBe("Setup step “Break” ended with exit code 7.");
    expect(snapshot.steps.slice(2, 5).map(({ title, status }) => [title, status])).toEqual([
      ["Setup script, part 1", "done"],
      ["Break", "failed"],
      ["Never", "skipped"],
    ]);
    expect((await storedLines(snapshot.id)).some(({ text }) => text === "never")).toBe(false);
    await nothingLeft(snapshot.id);
  });

  test("share one time limit", async () => {
    const section = "## step: Wait\nsleep 2\n";
    const snapshot = await built({ setupScript: section.repeat(4), timeouts: { setupSeconds: 5 } });
    expect(snapshot.failure).toMatchObject({
      code: "setup_timed_out",
      step: expect.stringMatching(/^setup:[23]$/),
    });
    expect(snapshot.failure!.message).toBe("The setup script ran longer than 5 s and was killed.");
    await nothingLeft(snapshot.id);
  });

  test("a worker that is killed between two of them leaves nothing once the build has ended", async () => {
    const worker = kiln.workers[0]!;
    const { snapshotId } = await publish({ setupScript: "true\n## step: Long\nsleep 1000\n" });
    await inStep(snapshotId, "setup:2");
    await until("a layer", async () => (await allImages(snapshotId)).length > 0);
    await worker.kill();
    await db()
      .$executeRaw`UPDATE snapshots SET status = 'failed', lease_until = NULL WHERE id = ${snapshotId}::uuid`;
    await kiln.startWorker();
    await nothingLeft(snapshotId);
  });
});

describe("packages and repositories", () => {
  test("apt, then a repository at a tag: both are in the image, the package lists aren't", async () => {
    const snapshot = await built(
      {
        ...debian,
        packages: { apt: ["git", "hello=2.*"] },
        repositories: [
          { url: git.url, ref: "v1", path: "/src/one" },
          { url: git.url, path: "/src/newest" },
        ],
        setupScript: "hello; cat /src/one/file /src/newest/file",
      },
      240_000,
    );
    expect(snapshot.failure).toBeNull();
    expect(snapshot.steps.map(({ name, title }) => `${name} ${title}`).slice(2, 5)).toEqual([
      "packages:apt apt packages",
      "repositories Repositories",
      "setup Setup script",
    ]);
    expect(await output(snapshot.id)).toBe("Hello, world!\nfirst\nsecond");
    expect(await inImage(snapshot.image!.reference, ["ls", "/var/lib/apt/lists"])).toBe("");
    const missing = await built({
      ...debian,
      baseImage: snapshot.image!.reference,
      repositories: [{ url: git.url, ref: "no-such", path: "/src/two" }],
    });
    expect(missing.failure).toMatchObject({ code: "plan_failed", step: "repositories" });
    expect(missing.failure!.message).toBe(`${git.url} has no branch, tag or commit “no-such”.`);
    const inTheWay = await built({
      ...debian,
      baseImage: snapshot.image!.reference,
      repositories: [{ url: git.url, path: "/src/one" }],
    });
    expect(inTheWay.failure!.message).toContain(`${git.url} could not be cloned to /src/one: `);
  }, 400_000);

  test.for([
    { packages: { apt: ["jq", "no-such-package"] }, says: "apt: There is no package no-such-package." },
    { packages: { apt: ["hello=9*"] }, says: "apt: Version '9*' for 'hello' was not found." },
    { packages: { npm: ["left-pad"] }, says: "npm isn't in this image: add nodejs and npm" },
    { packages: { pip: ["requests"] }, says: "pip isn't in this image: add python3-pip" },
  ])("names what is wrong: $says", { timeout: 150_000 }, async ({ packages, says }) => {
    const snapshot = await built({ ...debian, packages }, 120_000);
    expect(snapshot.failure).toMatchObject({
      code: "plan_failed",
      step: `packages:${Object.keys(packages)[0]}`,
    });
    expect(snapshot.failure!.message).toContain(says);
    await nothingLeft(snapshot.id);
  });

  test("git that isn't there says so; a user who isn't root gets packages all the same", async () => {
    const snapshot = await built({ ...debian, repositories: [{ url: git.url, path: "/src" }] });
    expect(snapshot.failure!.message).toContain("git isn't in this image");
    const asNobody = await built(
      { ...debian, user: "nobody", packages: { apt: ["hello"] }, setupScript: "hello; id -un" },
      120_000,
    );
    expect(asNobody.failure).toBeNull();
    expect(await output(asNobody.id)).toBe("Hello, world!\nnobody");
  }, 200_000);
});
