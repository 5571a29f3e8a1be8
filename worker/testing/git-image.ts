/**
 * For tests: a small image with Debian's git, ssh and sshd. What is built on it is captured, listed, saved and searched
 * byte by byte, and of a whole Debian with git there are 285 MB.
 */
import { createHash } from "node:crypto";
import { pipeline } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { BOOKWORM, BUSYBOX, docker } from "@/worker/containers/docker/testing/engine";

type Container = ReturnType<typeof docker.getContainer>;

/** Puts the programs, and all that they load, into one archive. */
const GATHER = `set -e
apt-get update
apt-get install -y --no-install-recommends git openssh-client openssh-server ca-certificates
cd /
set -- usr/bin/git usr/bin/git-upload-pack usr/lib/git-core/git-remote-https usr/bin/ssh usr/bin/ssh-keygen usr/sbin/sshd
tar -chf /tools.tar "$@" $(ldd "$@" | grep -o '/[^ ]*\\.so[^ ]*' | sort -u) usr/share/git-core/templates etc/ssh etc/ssl/certs`;

const SET_UP = `echo 'sshd:x:100:65534::/run/sshd:/bin/false' >> /etc/passwd
echo 'nobody:x:65534:65534::/tmp:/bin/false' >> /etc/passwd`;

/** Made once on a machine; as the other base images of tests it stays there. */
export async function gitImage(): Promise<string> {
  const bases = await Promise.all([BOOKWORM, BUSYBOX].map((name) => docker.getImage(name).inspect()));
  const recipe = [GATHER, SET_UP, ...bases.map(({ Id }) => Id)].join("\n");
  const tag = `git-${createHash("sha256").update(recipe).digest("hex").slice(0, 12)}`;
  const name = `kiln/test-base:${tag}`;
  const { length } = await docker.listImages({ filters: { reference: [name] } });
  if (length === 0)
    await inContainer(BOOKWORM, GATHER, async (debian) => {
      await ran(debian);
      await inContainer(BUSYBOX, SET_UP, async (small) => {
        await small.putArchive(await onlyFile(await debian.getArchive({ path: "/tools.tar" })), {
          path: "/",
        });
        await ran(small);
        await small.commit({ repo: "kiln/test-base", tag, changes: 'CMD ["sh"]' });
      });
    });
  return name;
}

async function inContainer(
  image: string,
  script: string,
  work: (container: Container) => Promise<void>,
): Promise<void> {
  const container = await docker.createContainer({ Image: image, Cmd: ["sh", "-c", script], User: "root" });
  try {
    await work(container);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function ran(container: Container): Promise<void> {
  await container.start();
  const { StatusCode } = await container.wait();
  if (StatusCode === 0) return;
  const said = await container.logs({ stdout: true, stderr: true, tail: 20 });
  throw new Error(`An image to test with could not be made: ${said.toString()}`);
}

/** The content of an archive's one file. */
async function onlyFile(archive: NodeJS.ReadableStream): Promise<Buffer> {
  const entries = extract();
  // An archive that breaks off breaks its reader, who would wait for ever.
  pipeline(archive, entries, () => undefined);
  for await (const entry of entries) return await buffer(entry);
  throw new Error("The archive is empty.");
}
