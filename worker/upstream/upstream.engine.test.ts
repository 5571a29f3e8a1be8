/** What snapshots were built from moves on: a real registry, real git servers, a real worker that looks. */
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { getVersion } from "@/lib/profiles/store.server";
import { updateProfile } from "@/lib/profiles/update.server";
import { createSecret } from "@/lib/secrets/change.server";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { BUSYBOX, docker } from "@/worker/containers/docker/testing/engine";
import { type TestRegistry, testRegistry } from "@/worker/containers/docker/testing/registry";
import { built, ended, operator, output, storedLines } from "@/worker/testing/builds";
import { gitImage } from "@/worker/testing/git-image";
import { containersOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { type PrivateGitServer, servePrivately } from "@/worker/testing/private-git-server";
import { until } from "@/worker/testing/until";

const TOKEN = `ghp-${randomBytes(15).toString("hex")}`;

let kiln: TestKiln;
let registry: TestRegistry;
let git: PrivateGitServer;
beforeAll(async () => {
  kiln = await startKiln();
  registry = await testRegistry({}, await filesOf(BUSYBOX));
  git = await servePrivately(TOKEN);
  await createSecret(operator, { name: "TOKEN", value: TOKEN });
  await kiln.startWorker({ KILN_UPSTREAM_MINUTES: "0.02" });
});
afterAll(async () => {
  await kiln.cleanUp();
  await Promise.all([registry, git].map((server) => ("close" in server ? server.close() : server.stop())));
  for (const { Id, RepoTags, RepoDigests } of await docker.listImages())
    if ([...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => name.startsWith(registry.repository)))
      await docker.getImage(Id).remove({ force: true });
});

async function filesOf(image: string): Promise<Buffer> {
  const container = await docker.createContainer({ Image: image });
  try {
    return await buffer(await container.export());
  } finally {
    await container.remove();
  }
}

const driftOf = async (slug: string) => (await getVersion(slug, 1)).drift;
const refreshedFor = async (slug: string, trigger: string) => {
  const row = await until(`a refresh for ${trigger}`, () =>
    db().snapshot.findFirst({ where: { profile: { slug }, trigger }, orderBy: { number: "desc" } }),
  );
  return ended(row.id);
};

test("a base image that moves in its registry is seen, and the refresh is built on the new one", async () => {
  const snapshot = await built({ baseImage: `${registry.repository}:1`, setupScript: "true" });
  expect(snapshot).toMatchObject({ status: "ready", failure: null });
  await until("a first look", async () => (await driftOf(snapshot.slug))?.checkedAt);
  expect(await driftOf(snapshot.slug)).toMatchObject({ baseMovedAt: null, error: null });

  registry.move();
  await until("it to be seen", async () => (await driftOf(snapshot.slug))?.baseMovedAt);
  expect(await db().snapshot.count({ where: { profile: { slug: snapshot.slug } } })).toBe(1);
  await updateProfile(operator, snapshot.slug, { refreshOnBase: true });
  const refreshed = await refreshedFor(snapshot.slug, "base_changed");
  expect(refreshed).toMatchObject({ status: "ready", serving: true, requestedBy: "Kiln" });
  const lines = (await storedLines(refreshed.id)).map(({ text }) => text);
  expect(lines).toContainEqual(
    expect.stringContaining(`Resolved to ${registry.repository}@${registry.digest}`),
  );
  await until("a look at that one", async () => (await driftOf(snapshot.slug))?.checkedAt);
  expect(await driftOf(snapshot.slug)).toMatchObject({ baseMovedAt: null });
  expect(await db().snapshot.count({ where: { profile: { slug: snapshot.slug } } })).toBe(2);
});

test("a private repository whose branch moves is seen with the secret that cloned it; a silent one is said", async () => {
  const certificate = "/etc/kiln-test.pem";
  const large = { resources: { cpus: 2, memoryMb: 512, pids: 256 }, network: "bridge" as const };
  const snapshot = await built(
    {
      ...large,
      baseImage: await gitImage(),
      env: { GIT_SSL_CAINFO: certificate },
      files: [{ path: certificate, content: git.certificate }],
      repositories: [
        { url: git.url, path: "/src/newest", secret: "TOKEN" },
        { url: git.url, path: "/src/tagged", ref: "v1", secret: "TOKEN" },
      ],
      setupScript: "cat /src/newest/file",
    },
    240_000,
  );
  expect(snapshot).toMatchObject({ status: "ready", failure: null });
  await until("a first look", async () => (await driftOf(snapshot.slug))?.checkedAt);
  expect(await driftOf(snapshot.slug)).toMatchObject({ repositoryMovedAt: null, error: null });
  await git.commit("third\n");
  await until("it to be seen", async () => (await driftOf(snapshot.slug))?.repositoryMovedAt);
  expect(await driftOf(snapshot.slug)).toMatchObject({ repositories: [git.url], baseMovedAt: null });
  await updateProfile(operator, snapshot.slug, { refreshOnRepository: true });
  const refreshed = await refreshedFor(snapshot.slug, "repository_changed");
  expect(refreshed).toMatchObject({ status: "ready", serving: true });
  expect(await output(refreshed.id)).toContain("third");
  await until("a look at that one", async () => (await driftOf(snapshot.slug))?.checkedAt);
  expect(await driftOf(snapshot.slug)).toMatchObject({ repositoryMovedAt: null, repositories: [] });

  await db().secret.deleteMany({ where: { name: "TOKEN" } });
  await until("it to be said", async () => (await driftOf(snapshot.slug))?.error);
  expect(await driftOf(snapshot.slug)).toMatchObject({ error: `No answer from ${git.url}.` });
  expect((await getSnapshot(refreshed.id)).serving).toBe(true);
  // Nothing of the looks is left.
  await until("its containers to go", async () =>
    (await containersOf(kiln.installation)).every(({ name }) => !name.includes("upstream")),
  );
}, 300_000);
