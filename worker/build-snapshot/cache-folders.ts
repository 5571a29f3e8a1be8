/**
 * Folders for caches in the image, where it hasn't got them and the profile's user isn't root: the engine would make
 * them, and those above them, root's. A user's own `~/.cache` would then be closed to them, in sessions too.
 */
const program = `
user=$1
shift
make() {
  if [ -n "$1" ] && [ ! -d "$1" ]; then
    make "\${1%/*}" && mkdir -- "$1" && chown -- "$user" "$1"
  fi
}
for path in "$@"; do make "$path" || exit; done
`;

export function cacheFolderCommand(user: string, paths: readonly string[]): string[] {
  // A name's own group; a number may have none, and a group that is said stays.
  const owner = /^[a-z_][^:]*$/.test(user) ? `${user}:` : user;
  return ["/bin/sh", "-c", program, "kiln", owner, ...paths];
}
