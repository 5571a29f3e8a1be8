/**
 * How packages are installed. The programs are constants and the packages are their arguments, so nothing of a
 * spec is ever shell text. Each one cleans up after itself: files are what capturing costs.
 */
import type { PackageManager } from "@/lib/profiles/plan-words";

/** What a shell says when there is no such command: the manager isn't in the image. */
export const NOT_FOUND = 127;

const apt = `
command -v apt-get >/dev/null 2>&1 || exit ${NOT_FOUND}
export DEBIAN_FRONTEND=noninteractive
fresh=$(find /var/lib/apt/lists -name '*_Packages*' -mtime -1 2>/dev/null | head -n 1)
[ -n "$fresh" ] || apt-get update || exit
apt-get install -y --no-install-recommends -o APT::Cmd::Pattern-Only=true -- "$@" || exit
apt-get clean
rm -rf /var/lib/apt/lists/*
`;

const npm = `
command -v npm >/dev/null 2>&1 || exit ${NOT_FOUND}
npm install --global --no-fund --no-audit --no-update-notifier -- "$@" || exit
npm cache clean --force >/dev/null 2>&1
exit 0
`;

/** The variables, because an older pip refuses the option that it doesn't know. */
const pip = `
export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1 PIP_NO_CACHE_DIR=1
export PIP_DISABLE_PIP_VERSION_CHECK=1
for pip in pip3 pip; do
  command -v "$pip" >/dev/null 2>&1 && exec "$pip" install -- "$@"
done
exit ${NOT_FOUND}
`;

const programs: Record<PackageManager, string> = { apt, npm, pip };

export function installCommand(manager: PackageManager, packages: readonly string[]): string[] {
  return ["/bin/sh", "-c", programs[manager], "kiln", ...packages];
}
