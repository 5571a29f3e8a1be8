/** For tests: a container in which a repository can be cloned over ssh, and the key for it. */
import { createDockerEngine } from "@/worker/containers/docker";
import { docker } from "@/worker/containers/docker/testing/engine";
import type { GitServer } from "./git-server";
import { until } from "./until";

export interface SshServer extends Omit<GitServer, "commit"> {
  /** The private key that is let in. */
  key: string;
}

const START = `set -e
ssh-keygen -q -t ed25519 -N '' -f /root/key
mkdir -p /root/.ssh /run/sshd
cp /root/key.pub /root/.ssh/authorized_keys
git init -q -b main /srv/repository
cd /srv/repository
echo 'over ssh' > file
git add file
git -c user.name=Kiln -c user.email=kiln@example.com commit -q -m one
exec /usr/sbin/sshd -D -e -o UsePAM=no`;

/** @param image has git and openssh-server */
export async function serveOverSsh(image: string): Promise<SshServer> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["/bin/sh", "-c", START],
    User: "root",
    // The image hands down its labels; a container with them would be Kiln's to sweep.
    Labels: { "dev.kiln.installation": "" },
  });
  const stop = () => container.remove({ force: true, v: true });
  try {
    await container.start();
    const engine = createDockerEngine();
    const key = await until("the ssh server", async () => {
      const said = await engine.exec(container.id, {
        command: ["/bin/sh", "-c", "test -e /run/sshd.pid && cat /root/key"],
        timeoutSeconds: 10,
        maxBytes: 10_000,
        user: "root",
        workdir: "/",
      });
      return said.exitCode === 0 ? Buffer.from(said.stdout).toString() : null;
    });
    const { NetworkSettings } = await container.inspect();
    return { url: `ssh://root@${NetworkSettings.Networks.bridge?.IPAddress}/srv/repository`, key, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
