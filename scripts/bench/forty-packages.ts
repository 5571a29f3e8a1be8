/** A script that installs 40 packages, as development environments do, all from a folder on this machine. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { baseImage } from "./address";
import { docker, MARK } from "./docker";

const PACKAGES = [
  ["bat", "bc", "bzip2", "ca-certificates", "curl", "diffstat", "dos2unix", "exa", "fd-find", "file"],
  ["fzf", "gawk", "git", "htop", "hyperfine", "iproute2", "iputils-ping", "jq", "less", "lsof"],
  ["make", "nano", "ninja-build", "patch", "procps", "psmisc", "pv", "ripgrep", "rsync", "shellcheck"],
  ["socat", "sqlite3", "strace", "tmux", "tree", "unzip", "wget", "xz-utils", "zip", "zstd"],
] as const;

/** An index as apt reads it: each package's own words, and where its file is. */
const download = `set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends --download-only ${PACKAGES.flat().join(" ")}
mkdir /repository && mv /var/cache/apt/archives/*.deb /repository && cd /repository
for deb in *.deb; do
  name=$(echo "$deb" | sed 's/%3a/./')
  [ "$deb" = "$name" ] || mv "$deb" "$name"
  dpkg-deb --field "$name"
  printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$name" "$(stat -c %s "$name")" "$(sha256sum "$name" | cut -d ' ' -f 1)"
done > Packages
gzip --keep Packages
`;

/** Downloads them, with all that they need, once: afterwards no measurement depends on the network. */
export async function downloadPackages(folder: string): Promise<void> {
  const name = `${MARK}-download`;
  try {
    await docker("run", "--name", name, baseImage, "bash", "-c", download);
    await docker("cp", `${name}:/repository/.`, folder);
  } finally {
    await docker("rm", "--force", name);
  }
}

/** How much is downloaded, and in how many files. */
export async function packageFacts(folder: string): Promise<{ bytes: number; files: number }> {
  const index = await readFile(path.join(folder, "Packages"), "utf8");
  const sizes = [...index.matchAll(/^Size: (\d+)$/gm)].map(([, size]) => Number(size));
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** The images that Debian publishes have the same setting: what a crash loses in a build is the build. */
const install = (packages: readonly string[]) =>
  `apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io ${packages.join(" ")}`;

const begin = (repository: string) => `echo 'deb [trusted=yes] ${repository} ./' > /etc/apt/sources.list
apt-get update`;
const shell = "export DEBIAN_FRONTEND=noninteractive";
const forgetLists = "rm -rf /var/lib/apt/lists/*";

/** In one piece. @param keepDownloads leaves the packages in /var/cache/apt, for a cache of it */
export function installScript(repository: string, keepDownloads = false): string {
  return [
    shell,
    begin(repository),
    install(PACKAGES.flat()),
    ...(keepDownloads ? [] : ["apt-get clean"]),
    forgetLists,
    "",
  ].join("\n");
}

/** In steps, of which `last` is the last one. */
export function installInSteps(repository: string, last: string): string {
  const [first, second, third, fourth] = PACKAGES;
  return [
    "## step: Package lists",
    begin(repository),
    "## step: Tools",
    shell,
    install([...first, ...second]),
    "apt-get clean",
    "## step: More tools",
    shell,
    install([...third, ...fourth]),
    "apt-get clean",
    forgetLists,
    "## step: Settings",
    last,
    "",
  ].join("\n");
}
