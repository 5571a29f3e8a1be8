/** A base image for tests that need no package manager: busybox and its applets, imported in an instant. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { canInstallPackages, installPackages } from "./apt.mjs";
import { importFolder } from "./base-image.mjs";
import { run } from "./commands.mjs";
import { hasImage, requireEngine } from "./docker-api.mjs";
import { Refusal } from "./refusal.mjs";

export const busyboxImage = "kiln/test-base:busybox";

/**
 * @param {string} dockerHost
 * @param {(what: string) => void} say
 */
export async function provideBusyboxImage(dockerHost, say) {
  if (await hasImage(dockerHost, busyboxImage)) return busyboxImage;
  if (existsSync("/bin/busybox") || canInstallPackages()) await makeFromDebian(dockerHost, say);
  else await pullOfficial(dockerHost, say);
  return busyboxImage;
}

/** @param {string} dockerHost @param {(what: string) => void} say */
async function makeFromDebian(dockerHost, say) {
  if (!existsSync("/bin/busybox")) {
    say("installing busybox-static (Debian package)");
    await installPackages(["busybox-static"]);
  }
  say(`making ${busyboxImage}`);
  const tree = mkdtempSync(path.join(os.tmpdir(), "kiln-busybox-"));
  try {
    for (const folder of [
      "bin",
      "dev",
      "etc",
      "proc",
      "root",
      "sys",
      "tmp",
      "var/log",
      "usr/bin",
      "usr/sbin",
      "sbin",
    ]) {
      mkdirSync(path.join(tree, folder), { recursive: true });
    }
    // As everywhere, whatever this process's umask is.
    chmodSync(path.join(tree, "tmp"), 0o1777);
    copyFileSync("/bin/busybox", path.join(tree, "bin/busybox"));
    for (const applet of (await run("/bin/busybox", ["--list"])).trim().split("\n")) {
      if (applet !== "busybox") symlinkSync("busybox", path.join(tree, "bin", applet));
    }
    writeFileSync(
      path.join(tree, "etc/passwd"),
      "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n",
    );
    writeFileSync(path.join(tree, "etc/group"), "root:x:0:\nuser:x:1000:\n");
    await importFolder(dockerHost, busyboxImage, tree, [
      'CMD ["sh"]',
      "ENV PATH=/bin:/usr/bin:/sbin:/usr/sbin",
    ]);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

/** A laptop with a registry but without Debian. @param {string} dockerHost @param {(what: string) => void} say */
async function pullOfficial(dockerHost, say) {
  say("pulling busybox");
  try {
    await requireEngine(dockerHost, "/images/create?fromImage=busybox&tag=stable", {
      method: "POST",
      silenceMs: 20_000,
      deadlineMs: 300_000,
    });
    await requireEngine(dockerHost, "/images/busybox:stable/tag?repo=kiln/test-base&tag=busybox", {
      method: "POST",
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `The tests' busybox image can't be had: pull it or install busybox-static (${reason}).`,
    );
  }
}
