/** How the setup script is started: `bash -e` where the image has bash, else `sh -e`; a `#!` line is honoured. */

import { AWAIT_SECRETS, SECRETS_FOLDER } from "@/worker/secrets/deliver";
import { defineCached, keepAptCaches } from "./apt-cache";

/** In memory, or a volume, while it runs: so the script is never part of the captured image. */
export const SCRIPT_FOLDER = "/run/kiln";
export const SCRIPT_PATH = `${SCRIPT_FOLDER}/setup`;

/** Packages that ask questions would wait for ever. Only the script's processes see it: the image keeps its own environment. */
const unattended = 'export DEBIAN_FRONTEND="${DEBIAN_FRONTEND:-noninteractive}"';
const byShebang = `${unattended}; exec "$1"`;
const byShell = `${unattended}; if command -v bash >/dev/null 2>&1; then exec bash -e "$1"; fi; exec sh -e "$1"`;

/** A build with secrets waits for them first, because a container's own environment gets into its image. */
const withSecrets = `${AWAIT_SECRETS}for kiln_file in ${SECRETS_FOLDER}/*; do export "\${kiln_file##*/}=$(cat "$kiln_file")"; done
unset kiln_waited kiln_file
`;

/**
 * Takes the script from its standard input, which saves the engine the mounting of the whole container for one file;
 * the script itself gets none. A line with its length comes first, so that one that was cut short is not run, and the
 * command is the same for every script: a container can wait for one. By a shell of its own, so that the script's
 * shell keeps its file mode mask.
 */
const takeScript = `read -r kiln_bytes && (umask 022; head -c "$kiln_bytes" >"$1" && [ "$(wc -c <"$1")" -eq "$kiln_bytes" ] && chmod 755 "$1") || exit 125
unset kiln_bytes
exec </dev/null
`;

export interface SetupCommand {
  command: string[];
  /** Its standard input. */
  input: string | null;
  /** What has to be written to `SCRIPT_PATH` beforehand instead. */
  script: string | null;
}

/**
 * The path goes in as an argument, never as a part of the shell's text; the script is neither. Another user than root
 * can't be sure to write into the folder: where an earlier step has left one, what is mounted there gets its mode.
 */
export function setupCommand(
  script: string,
  user: string,
  { takesSecrets = false, keepsAptCaches = false }: { takesSecrets?: boolean; keepsAptCaches?: boolean } = {},
): SetupCommand {
  const run = script.startsWith("#!") ? byShebang : byShell;
  const before = (takesSecrets ? withSecrets : "") + (keepsAptCaches ? defineCached + keepAptCaches : "");
  if (user !== "root")
    return { command: ["/bin/sh", "-c", before + run, "kiln", SCRIPT_PATH], input: null, script };
  const command = ["/bin/sh", "-c", takeScript + before + run, "kiln", SCRIPT_PATH];
  return { command, input: `${Buffer.byteLength(script)}\n${script}`, script: null };
}
