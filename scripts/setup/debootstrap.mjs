/** A Debian file tree made on this machine, for where no image registry answers. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { canInstallPackages, installPackages } from "./apt.mjs";
import { readFetchSettings, readSources, sourcesOf } from "./apt-sources.mjs";
import { CommandFailed, run, succeeds } from "./commands.mjs";
import { logFile } from "./paths.mjs";
import { Refusal } from "./refusal.mjs";

const release = "bookworm";

/** What Debian's own slim image leaves out too: dpkg then leaves it out of everything that is installed later. */
const leftOut = ["usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man", "usr/share/groff"];

/**
 * @param {string} folder must not exist yet
 * @param {(what: string) => void} say
 */
export async function makeDebianTree(folder, say) {
  if (process.getuid?.() !== 0 || (!existsSync("/usr/sbin/debootstrap") && !canInstallPackages())) {
    throw new Refusal(
      "No image registry answers, and a base image can't be made here (that needs root and apt-get): load one with `docker load` and name it in KILN_DEFAULT_BASE_IMAGE.",
    );
  }
  if (!existsSync("/usr/sbin/debootstrap")) {
    say("installing debootstrap (Debian package)");
    await installPackages(["debootstrap", "debian-archive-keyring"]);
  }
  const sources = sourcesOf(readSources(), release);
  const settings = await readFetchSettings();
  say("no registry answers: making a Debian base image with debootstrap (about 30 s)");
  await debootstrapTwice(folder, sources[0]?.uri, settings);
  writeAptConfiguration(folder, sources, settings);
  trim(folder);
}

/**
 * A mirror that hiccups once is no reason to give up.
 * @param {string} folder @param {string | undefined} mirror @param {string[]} settings
 */
async function debootstrapTwice(folder, mirror, settings) {
  const args = ["--variant=minbase", release, folder, ...(mirror ? [mirror] : [])];
  const proxy = /^Acquire::http::Proxy "(.+)";$/m.exec(settings.join("\n"))?.[1];
  const env = { ...process.env, LC_ALL: "C.UTF-8", ...(proxy ? { http_proxy: proxy } : {}) };
  // Mounts of its own: /proc inside the tree vanishes with the process, however that ends.
  const prefix = (await succeeds("unshare", ["--mount", "true"])) ? ["unshare", "--mount"] : [];
  const [command = "debootstrap", ...before] = [...prefix, "debootstrap"];
  const options = { env, log: logFile("debootstrap"), deadlineMs: 400_000 };
  try {
    await run(command, [...before, ...args], options);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    rmSync(folder, { recursive: true, force: true });
    await run(command, [...before, ...args], options);
  }
}

/**
 * @param {string} folder
 * @param {import("./apt-sources.mjs").Source[]} sources none when this machine isn't of that release: then what
 *   debootstrap wrote stays
 * @param {string[]} settings
 */
function writeAptConfiguration(folder, sources, settings) {
  const write = (/** @type {string} */ file, /** @type {string[]} */ lines) =>
    writeFileSync(path.join(folder, file), `${lines.join("\n")}\n`);
  const lines = sources.map(({ uri, suite, components }) => `deb ${uri} ${suite} ${components.join(" ")}`);
  if (lines.length > 0) write("etc/apt/sources.list", lines);
  if (settings.length > 0) write("etc/apt/apt.conf.d/10fetch", settings);
  write("etc/apt/apt.conf.d/20small", [
    'Acquire::Languages "none";',
    'Acquire::GzipIndexes "true";',
    'APT::Install-Recommends "true";',
    'APT::AutoRemove::SuggestsImportant "false";',
  ]);
  write("etc/dpkg/dpkg.cfg.d/small", [
    "force-unsafe-io",
    ...leftOut.map((place) => `path-exclude /${place}/*`),
    "path-include /usr/share/doc/*/copyright",
  ]);
}

/** Away with downloads, lists, documentation and what debootstrap copied from this machine. @param {string} folder */
function trim(folder) {
  const drop = ["etc/resolv.conf", "etc/hostname", "var/log/bootstrap.log", "var/log/dpkg.log"];
  const empty = ["var/cache/apt", "var/lib/apt/lists", "var/log/apt"];
  for (const file of drop) rmSync(path.join(folder, file), { force: true });
  for (const place of empty) {
    rmSync(path.join(folder, place), { recursive: true, force: true });
    mkdirSync(path.join(folder, place), { recursive: true });
  }
  for (const place of leftOut) emptyFolder(path.join(folder, place), place.endsWith("doc"));
}

/** @param {string} folder @param {boolean} keepCopyrights */
function emptyFolder(folder, keepCopyrights) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name);
    if (!keepCopyrights || !statSync(place, { throwIfNoEntry: false })?.isDirectory()) {
      rmSync(place, { recursive: true, force: true });
      continue;
    }
    for (const file of readdirSync(place)) {
      if (file !== "copyright") rmSync(path.join(place, file), { recursive: true, force: true });
    }
  }
}
