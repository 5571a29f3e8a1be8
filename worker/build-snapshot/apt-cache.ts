/**
 * Keeps apt from emptying its own caches. Images made for containers have hooks that delete what was downloaded
 * (`docker-clean`), and apt reads its configuration's parts after everything that a build could say beforehand: so it
 * is shown parts of Kiln's own, which first include the image's and then take those hooks away, and no others. They
 * lie in a volume and are named by a variable of the build's processes: nothing of them gets into an image.
 */
import { isWithin } from "@/lib/profiles/cache-paths";

const ARCHIVES = "/var/cache/apt/archives";
const LISTS = "/var/lib/apt/lists";

/** apt locks these folders and waits for nobody, so two builds can't share one. */
export const isAptCache = (path: string) =>
  [ARCHIVES, LISTS].some((folder) => isWithin(folder, path) || isWithin(path, folder));

/** `kiln_cached PATH`: is it, or a folder that it is in, a cache of this container? By built-ins only. */
export const defineCached = `kiln_cached() {
  kiln_at=$1
  while [ -n "$kiln_at" ]; do
    while read -r kiln_device kiln_mount kiln_rest; do
      [ "$kiln_mount" = "$kiln_at" ] && return 0
    done </proc/self/mounts
    kiln_at=\${kiln_at%/*}
  done
  return 1
}
`;

const FOLDER = "/run/kiln/apt";
const HOOKS = "DPkg::Post-Invoke APT::Update::Post-Invoke";

/** Follows \`defineCached\`. Only root runs apt, and only root can write here. */
export const keepAptCaches = `if command -v apt-config >/dev/null 2>&1 && [ -w /run/kiln ] && { kiln_cached ${ARCHIVES} || kiln_cached ${LISTS}; }; then
  mkdir -p ${FOLDER}/parts
  echo '#include "/etc/apt/apt.conf.d/";' >${FOLDER}/parts/00-image
  {
    for kiln_hooks in ${HOOKS}; do echo "#clear $kiln_hooks;"; done
    apt-config dump --no-empty --format '%F "%v";%n' ${HOOKS} | grep -vE '^[^"]*""|/var/(cache|lib)/apt|apt(-get)? .*clean'
    echo 'APT::Keep-Downloaded-Packages "true"; Binary::apt::APT::Keep-Downloaded-Packages "true";'
  } >${FOLDER}/parts/99-kiln
  echo 'Dir::Etc::Parts "${FOLDER}/parts";' >${FOLDER}/apt.conf
  export APT_CONFIG=${FOLDER}/apt.conf
fi
`;
