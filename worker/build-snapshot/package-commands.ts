/**
 * How packages are installed. The programs are constants and the packages are their arguments, so nothing of a
 * spec is ever shell text. Each one cleans up after itself, since files are what capturing costs; what is in a cache
 * isn't captured, and stays.
 */
import type { PackageManager } from "@/lib/profiles/plan-words";
import { defineCached, keepAptCaches } from "./apt-cache";

/** What a shell says when there is no such command: the manager isn't in the image. */
export const NOT_FOUND = 127;

const apt = `
command -v apt-get >/dev/null 2>&1 || exit ${NOT_FOUND}
export DEBIAN_FRONTEND=noninteractive
${defineCached}${keepAptCaches}# Lists in a cache are asked for anew: a build is to get today's packages, and what hasn't changed isn't fetched.
fresh=
kiln_cached /var/lib/apt/lists ||
  fresh=$(find /var/lib/apt/lists -name '*_Packages*' -mtime -1 2>/dev/null | head -n 1)
[ -n "$fresh" ] || apt-get update || exit
apt-get install -y --no-install-recommends -o APT::Cmd::Pattern-Only=true -- "$@" || exit
kiln_cached /var/cache/apt/archives || apt-get clean
kiln_cached /var/cache/apt || rm -f /var/cache/apt/*.bin
kiln_cached /var/lib/apt/lists || rm -rf /var/lib/apt/lists/*
`;

const npm = `
command -v npm >/dev/null 2>&1 || exit ${NOT_FOUND}
npm install --global --no-fund --no-audit --no-update-notifier -- "$@" || exit
${defineCached}kiln_cached "$(npm config get cache 2>/dev/null)" || npm cache clean --force >/dev/null 2>&1
exit 0
`;

/** The variables, because an older pip refuses the option that it doesn't know. */
const pip = `
export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1
export PIP_DISABLE_PIP_VERSION_CHECK=1
${defineCached}kiln_cached "\${PIP_CACHE_DIR:-\${XDG_CACHE_HOME:-$HOME/.cache}/pip}" || export PIP_NO_CACHE_DIR=1
for pip in pip3 pip; do
  command -v "$pip" >/dev/null 2>&1 && exec "$pip" install -- "$@"
done
exit ${NOT_FOUND}
`;

const programs: Record<PackageManager, string> = { apt, npm, pip };

export function installCommand(manager: PackageManager, packages: readonly string[]): string[] {
  return ["/bin/sh", "-c", programs[manager], "kiln", ...packages];
}
