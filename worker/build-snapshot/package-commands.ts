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

/**
 * `kiln_own PATH`: where root may write in a cache. Another user's gets a folder of root's: npm would leave files there that
 * their owner can't use, and pip would use nothing of it. Follows a `kiln_cached PATH`, which leaves the cache that it found.
 */
const defineOwn = `kiln_own() {
  kiln_to=$1
  [ -O "$kiln_at" ] || kiln_to=$kiln_at/root-\${1##*/}
  mkdir -p "$kiln_to" && echo "$kiln_to"
}
`;

/** Said again for each command, since every one of them leaves a log, and the time of its last look for a newer npm. */
const npm = `
command -v npm >/dev/null 2>&1 || exit ${NOT_FOUND}
${defineCached}${defineOwn}quiet="--no-update-notifier --logs-max=0"
cache=$(npm config get cache $quiet 2>/dev/null)
own=
! kiln_cached "$cache" || own=$(kiln_own "$cache") || exit
npm install --global --no-fund --no-audit $quiet \${own:+--cache "$own"} -- "$@" || exit
[ -n "$own" ] || npm cache clean --force $quiet >/dev/null 2>&1
exit 0
`;

/** The variables, because an older pip refuses the option that it doesn't know. */
const pip = `
export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore PIP_NO_INPUT=1
export PIP_DISABLE_PIP_VERSION_CHECK=1
${defineCached}${defineOwn}cache=\${PIP_CACHE_DIR:-\${XDG_CACHE_HOME:-$HOME/.cache}/pip}
if kiln_cached "$cache"; then
  PIP_CACHE_DIR=$(kiln_own "$cache") && export PIP_CACHE_DIR || exit
else
  export PIP_NO_CACHE_DIR=1
fi
for pip in pip3 pip; do
  command -v "$pip" >/dev/null 2>&1 && exec "$pip" install -- "$@"
done
exit ${NOT_FOUND}
`;

const programs: Record<PackageManager, string> = { apt, npm, pip };

export function installCommand(manager: PackageManager, packages: readonly string[]): string[] {
  return ["/bin/sh", "-c", programs[manager], "kiln", ...packages];
}
