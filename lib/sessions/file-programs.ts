/**
 * What reads and writes a session's files: constant programs with the path as an argument, run as the session's own user.
 * So nobody reaches more than by a command of theirs, wherever a path or a link leads: all of it is within the sandbox. They
 * end with a code that says what was in the way.
 */
export const codes = {
  missing: 64,
  special: 65,
  forbidden: 66,
  folder: 67,
  notMade: 68,
  short: 69,
  noFolder: 70,
} as const;

/** Says "f BYTES" or "d" in a line of its own, then the file, or a tar of the folder. */
export const readProgram = `
if [ -d "$1" ]; then
  [ -r "$1" ] && [ -x "$1" ] || exit ${codes.forbidden}
  echo d
  exec tar -cf - -C "$1" .
fi
[ -e "$1" ] || exit ${codes.missing}
[ -f "$1" ] || exit ${codes.special}
[ -r "$1" ] || exit ${codes.forbidden}
echo "f $(wc -c < "$1")"
exec cat -- "$1"
`;

/**
 * Says the folder's whole path in a line, then an entry in each: mode, bytes, when it was changed, name; and then again the links
 * that lead to folders. A name with a line end in it takes more than one.
 */
export const listProgram = `
[ -e "$1" ] || exit ${codes.missing}
[ -d "$1" ] || exit ${codes.noFolder}
cd -- "$1" 2>/dev/null && [ -r . ] || exit ${codes.forbidden}
pwd
find . -maxdepth 1 ! -name . -exec stat -c '%f %s %Y %n' {} +
find . -maxdepth 1 -type l -exec sh -c 'for each; do [ ! -d "$each" ] || echo "to $each"; done' kiln {} +
`;

/** Takes so many bytes from its input, and puts the file in place only when it has all of them. */
export const writeProgram = `
[ ! -d "$1" ] || exit ${codes.folder}
folder=$(dirname -- "$1")
mkdir -p -- "$folder" 2>/dev/null || exit ${codes.notMade}
part="$1.part-$$"
head -c "$2" > "$part" 2>/dev/null || { rm -f -- "$part"; exit ${codes.forbidden}; }
[ "$(wc -c < "$part")" -eq "$2" ] || { rm -f -- "$part"; exit ${codes.short}; }
mv -f -- "$part" "$1"
`;

/** Unpacks a tar of so many bytes from its input into a folder. */
export const unpackProgram = `
mkdir -p -- "$1" 2>/dev/null || exit ${codes.notMade}
head -c "$2" | tar -xf - -C "$1"
`;

export const deleteProgram = `
[ -e "$1" ] || [ -L "$1" ] || exit ${codes.missing}
rm -rf -- "$1" || exit ${codes.forbidden}
`;

/** A sentence for people about what was in the way. */
export function refusalWords(
  exitCode: number,
  path: string,
): { status: 403 | 404 | 409 | 422; message: string } {
  switch (exitCode) {
    case codes.missing:
      return { status: 404, message: `There is no ${path} in the session.` };
    case codes.special:
      return { status: 409, message: `${path} is neither a file nor a folder.` };
    case codes.forbidden:
      return { status: 403, message: `The session's user may not do that with ${path}.` };
    case codes.folder:
      return {
        status: 409,
        message: `${path} is a folder. Send a tar to unpack into it, as application/x-tar.`,
      };
    case codes.notMade:
      return {
        status: 409,
        message: `The folder for ${path} can't be made: a file is in the way, or the session's user may not.`,
      };
    case codes.noFolder:
      return { status: 409, message: `${path} is no folder.` };
    case codes.short:
      return { status: 422, message: `Not all of ${path} arrived. Nothing was changed.` };
    default:
      return { status: 422, message: `It didn't work: exit code ${exitCode}.` };
  }
}
