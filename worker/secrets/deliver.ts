/**
 * Brings secrets into a build's sandbox: through the standard input of an exec into a folder in memory. So no
 * value is in the container's configuration, in the engine's answers about it, or in a layer.
 */
import type { SecretValue } from "@/lib/secrets/forms";
import { type Engine, EngineError } from "@/worker/containers/types";

export const SECRETS_FOLDER = "/run/secrets";
/** Is there when all of them are. No secret has such a name. */
export const SECRETS_READY = ".ready";

const SECONDS = 60;

/** Shell text that waits for the mark: the secrets come through an exec, once the program's container runs. */
export const AWAIT_SECRETS = `kiln_waited=0
until [ -e ${SECRETS_FOLDER}/${SECRETS_READY} ]; do
  kiln_waited=$((kiln_waited + 1))
  if [ "$kiln_waited" -gt 1200 ]; then echo "The secrets did not arrive." >&2; exit 125; fi
  sleep 0.05 2>/dev/null || sleep 1
done
`;

/**
 * Whoever is to have them may have no right to write here: the folder's mode is that of one that an earlier step
 * left. In a container of another user root has no capabilities, but the folder is root's own.
 */
const OPEN = 'chmod 1777 "$1"';

/** Shell built-ins only, so that no value is an argument of a process. A line is a name and its escaped value; a dot ends them. */
const FILL = `umask 0377; cd "$1" || exit 1
[ ! -e "$2" ] || exit 0
for half in *; do [ ! -e "$half" ] || rm -f "$half"; done
while IFS=' ' read -r name value; do
  if [ "$name" = . ]; then : > "$2"; exit; fi
  printf '%b' "$value" > "$name" || exit 1
done
exit 1`;

/** Resolves when the files are there: mode 0400, owned by `user`. Safe to repeat. @throws EngineError */
export async function deliverSecrets(
  engine: Engine,
  container: string,
  user: string,
  secrets: readonly SecretValue[],
): Promise<void> {
  const lines = secrets.map(({ name, value }) => `${name} ${escaped(value)}\n`);
  const run = async (script: string, as: string, input: string) => {
    const command = ["/bin/sh", "-c", script, "kiln", SECRETS_FOLDER, SECRETS_READY];
    const answer = await engine.feed(container, { command, input, user: as, timeoutSeconds: SECONDS });
    if (answer.exitCode === 0) return;
    const reason = Buffer.from(answer.stderr).toString().trim() || `exit code ${answer.exitCode}`;
    throw new EngineError("failed", `The secrets could not be written into the sandbox: ${reason}.`);
  };
  if (user !== "root") await run(OPEN, "root", "");
  await run(FILL, user, `${lines.join("")}.\n`);
}

/** As `printf '%b'` undoes it. What isn't plain becomes octal, byte by byte. */
function escaped(value: string): string {
  return [...Buffer.from(value)]
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      return /[A-Za-z0-9_./+=-]/.test(sign) ? sign : `\\0${byte.toString(8).padStart(3, "0")}`;
    })
    .join("");
}
