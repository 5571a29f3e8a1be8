/** A secret that a script plants: found in the image, masked in the log, or listed in the README as not to be found. */
import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client.server";
import { getVersion } from "@/lib/profiles/store.server";
import { createSecret } from "@/lib/secrets/change.server";
import { listSecrets } from "@/lib/secrets/store.server";
import { isTerminal } from "@/lib/snapshots/state";
import { getSnapshot } from "@/lib/snapshots/store.server";
import { BOOKWORM, docker } from "@/worker/containers/docker/testing/engine";
import {
  built,
  ended,
  forgeSpec,
  operator,
  output,
  publish,
  refresh,
  storedLines,
} from "@/worker/testing/builds";
import { engineAnswers } from "@/worker/testing/engine-answers";
import { inImage } from "@/worker/testing/images";
import { imagesOf, startKiln, type TestKiln } from "@/worker/testing/installation";
import { until } from "@/worker/testing/until";

/** Not the same text anywhere else on this machine; with signs that URLs and JSON write in another way. */
const TOKEN = `s3cr3t/${randomBytes(18).toString("base64")}&x y"z`;
/** One that can be a file's name. */
const WORD = `planted-${randomBytes(12).toString("hex")}`;

let kiln: TestKiln;
beforeAll(async () => {
  kiln = await startKiln();
  await createSecret(operator, { name: "TOKEN", value: TOKEN });
  await createSecret(operator, { name: "WORD", value: WORD });
  await kiln.startWorker();
});
afterAll(() => kiln.cleanUp());

const plant = (setupScript: string) => built({ secrets: ["TOKEN", "WORD"], setupScript });

/** What people, the API and the processes' own logs are told of a build. */
async function everything({ id, slug }: { id: string; slug: string }): Promise<string> {
  return JSON.stringify([
    await storedLines(id),
    await getSnapshot(id),
    await getVersion(slug, 1),
    await listSecrets({ limit: 100 }),
    await db().auditEntry.findMany(),
    kiln.workers.map((worker) => worker.transcript()),
  ]);
}

/** The values in every way in which somebody could read them back; none of them is there. */
function expectNone(told: string): void {
  for (const value of [TOKEN, WORD])
    for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString("base64")]) {
      expect(told).not.toContain(form);
      expect(told).not.toContain(JSON.stringify(form).slice(1, -1));
    }
}

async function savedImage(id: string): Promise<Buffer> {
  return buffer((await docker.getImage(id).get()) as NodeJS.ReadableStream & AsyncIterable<Uint8Array>);
}

describe("in the image", () => {
  const found: Array<[what: string, script: string, path: string, name?: string]> = [
    ["in a file", 'mkdir -p /srv/app; echo "token=$TOKEN" > /srv/app/.env', "/srv/app/.env"],
    ["in a file as base64", 'printf %s "u:$TOKEN" | base64 -w0 > /auth', "/auth"],
    [
      "in a file as broken base64",
      'printf %s "$TOKEN$TOKEN$TOKEN$TOKEN" | base64 -w 76 > /auth; printf %s "$TOKEN" | base64 -w 76 >> /auth',
      "/auth",
    ],
    ["as the target of a link", 'ln -s "/$TOKEN" /link', "/link"],
    // Its path is the value, so it is masked where it is told.
    ["as a file's name", 'mkdir -p /srv; touch "/srv/$WORD.txt"', "/srv/***.txt", "WORD"],
    [
      "in a file that a later step deletes",
      '## step: Write\necho "$TOKEN" > /gone\n## step: Delete\nrm /gone; ls / ',
      "/gone",
    ],
    [
      "in git's configuration, as the address of a remote",
      'mkdir -p /repo/.git; printf "[remote]\\n\\turl = https://u:%s@host/x\\n" "$TOKEN" > /repo/.git/config',
      "/repo/.git/config",
    ],
    [
      "in git's configuration, as another address for one",
      'printf \'[url "https://%s@host/"]\\n\\tinsteadOf = https://host/\\n\' "$WORD" > /root/.gitconfig',
      "/root/.gitconfig",
      "WORD",
    ],
  ];
  test.concurrent.each(found)("%s it is found", async (_, script, path, name = "TOKEN") => {
    const snapshot = await plant(script);
    expect(snapshot).toMatchObject({ status: "failed", image: null, serving: false });
    expect(snapshot.failure).toMatchObject({ code: "secret_leaked", step: "capture" });
    expect(snapshot.failure!.message).toBe(
      `The secret ${name} is in the captured image: ${path}. The image was deleted.`,
    );
    expectNone(await everything(snapshot));
    await until(
      "the image to be gone",
      async () => (await imagesOf(kiln.installation, snapshot.id)).length === 0,
    );
  });

  const harmless: Array<[string, string]> = [
    [
      "in the environment of a daemon that is left running",
      'AGAIN="$TOKEN" sleep 1000 & nohup sh -c "sleep 1000" >/dev/null 2>&1 & echo started',
    ],
    ["behind a link to the folder in memory", "ln -s /run/secrets/TOKEN /token; test -s /token"],
    ["in a file that the same step deletes", 'echo "$TOKEN" > /gone; rm /gone'],
  ];
  test.concurrent.each(harmless)("%s it is harmless", async (_, script) => {
    const snapshot = await plant(script);
    expect(snapshot).toMatchObject({ status: "ready", failure: null });
    expectNone(await everything(snapshot));
    expectNone((await savedImage(snapshot.image!.id)).toString("latin1"));
  });

  test.concurrent("compressed it isn't found, as the README says", async () => {
    const snapshot = await plant('printf %s "$TOKEN" | gzip > /token.gz');
    expect(snapshot.status).toBe("ready");
    expect(await inImage(snapshot.image!.id, ["zcat", "/token.gz"])).toBe(TOKEN);
  });

  test.concurrent("on a base of some size it is found in the new layer only", async () => {
    const setupScript = 'echo "$TOKEN" > /srv/leak';
    const snapshot = await built({ secrets: ["TOKEN"], setupScript, baseImage: BOOKWORM });
    expect(snapshot.failure).toMatchObject({
      code: "secret_leaked",
      message: expect.stringContaining("/srv/leak"),
    });
    // What a base image holds isn't this version's doing: every image of its kind has it.
    await createSecret(operator, { name: "PLAIN", value: "PRETTY_NAME=" });
    expect(await built({ secrets: ["PLAIN"], setupScript: "true", baseImage: BOOKWORM })).toMatchObject({
      status: "ready",
    });
  });

  test.concurrent("leaves what served before in service", async () => {
    const good = await plant("true");
    await forgeSpec(good.slug, { setupScript: 'echo "$TOKEN" > /leak' });
    const leaked = await ended(await refresh(good.slug));
    expect(leaked.failure).toMatchObject({ code: "secret_leaked" });
    expect((await getSnapshot(good.id)).serving).toBe(true);
  });
});

describe("in the log", () => {
  const masked: Array<[what: string, print: string, shown: RegExp]> = [
    ["as it is", 'echo "got $TOKEN."', /^got \*\*\*\.$/],
    [
      "split over two writes",
      'printf %s "$TOKEN" | head -c 9; sleep 0.5; printf %s "$TOKEN" | tail -c +10; echo',
      /^\*\*\*$/,
    ],
    ["as base64", 'printf %s "$TOKEN" | base64 -w0; echo', /^\*\*\*\S{0,4}$/],
    ["as base64 behind something else", 'printf %s "me:$TOKEN" | base64 -w0; echo', /^\S{0,8}\*\*\*\S{0,4}$/],
    ["URL-encoded", 'echo "https://u:$(cat /tmp/url)@host/"', /^https:\/\/u:\*\*\*@host\/$/],
    ["within JSON", "cat /tmp/json", /^\{"token":"\*\*\*"\}$/],
  ];
  test.concurrent.each(masked)("%s it is masked", async (_, print, shown) => {
    // What busybox can't encode comes in two halves, so that the script doesn't hold it.
    const put = (text: string, path: string) =>
      `printf '%s%s' '${text.slice(0, 12)}' '${text.slice(12)}' > ${path}\n`;
    const files =
      put(encodeURIComponent(TOKEN), "/tmp/url") + put(JSON.stringify({ token: TOKEN }), "/tmp/json");
    const snapshot = await plant(`${files}${print}\nrm /tmp/url /tmp/json`);
    expect(snapshot).toMatchObject({ status: "ready", failure: null });
    expect(await output(snapshot.id)).toMatch(shown);
    expectNone((await savedImage(snapshot.image!.id)).toString("latin1"));
  });

  test.concurrent("compressed it isn't masked, as the README says", async () => {
    const snapshot = await plant('printf %s "$TOKEN" | gzip -c | base64 -w0; echo');
    const said = await output(snapshot.id);
    expect(said).not.toContain("***");
    expect(Buffer.from(said, "base64").subarray(0, 2).toString("hex")).toBe("1f8b");
  });
});

test("the engine tells of no container and no image of a build what its secrets are", async () => {
  const { slug, snapshotId } = await publish({
    secrets: ["TOKEN", "WORD"],
    setupScript: [
      "## step: One\nsleep 1000 & sleep 1; env > /dev/null",
      '## step: Two\nsleep 1; echo "$TOKEN"',
      "## step: Three\nsleep 1",
    ].join("\n"),
    check: "sleep 1",
  });
  const answers = engineAnswers(snapshotId);
  const unwatch = await answers.watchCommands();
  await until("the build to end", async () => {
    await answers.look();
    return isTerminal((await getSnapshot(snapshotId)).status);
  });
  await answers.look();
  await unwatch();
  const snapshot = await getSnapshot(snapshotId);
  expect(snapshot).toMatchObject({ status: "ready", failure: null });
  // Three steps and the check; two layers on the way and the image itself; and how the values were handed over.
  expect(answers.count("container")).toBe(4);
  expect(answers.count("image")).toBe(3);
  expect(answers.count("exec")).toBeGreaterThan(0);
  expectNone(answers.text());
  expectNone(await everything({ id: snapshotId, slug }));
});
