/**
 * How repositories are cloned: one after the other, as arguments of a constant program. It ends with a code that
 * says which one failed and at what, because git's own words are a remote's, too.
 */
import type { Spec } from "@/lib/profiles/spec";
import { cloneSecrets } from "@/lib/profiles/spec-secrets";
import { AWAIT_SECRETS, SECRETS_FOLDER } from "@/worker/secrets/deliver";
import { NOT_FOUND } from "./package-commands";
import { SCRIPT_PATH } from "./setup-command";

const CLONE_FAILED = 10;
const REF_FAILED = 40;
const MOST = 30;

/** No secret has such a name. ssh wants a line end at the key's end, and knows none of another system's. */
const KEY = `${SECRETS_FOLDER}/.key`;

/**
 * Shell text: `kiln_git` speaks to the server of $url with $secret. A secret is in no address and no argument: git asks a
 * program for it, ssh reads it from memory. Helpers that the image has configured are left out then: one may keep what it
 * hears in a file.
 */
export const GIT_ACCESS = `  unset GIT_ASKPASS
  export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new'
  kiln_git() { git "$@"; }
  if [ -n "$secret" ]; then
    kiln_git() { git -c credential.helper= -c credential.useHttpPath=false "$@"; }
    case $url in
    https://*)
      host=\${url#https://}
      export GIT_ASKPASS=${SCRIPT_PATH} KILN_GIT_SECRET="${SECRETS_FOLDER}/$secret" KILN_GIT_HOST="\${host%%/*}"
      ;;
    *)
      (umask 077; printf '%s\\n' "$(tr -d '\\r' < "${SECRETS_FOLDER}/$secret")" > ${KEY}) || exit 125
      GIT_SSH_COMMAND="$GIT_SSH_COMMAND -o IdentitiesOnly=yes -o IdentityAgent=none -i ${KEY}"
      ;;
    esac
  fi
`;

const program = `
number=0
while [ $# -gt 0 ]; do
  url=$1 ref=$2 path=$3 secret=$4
  shift 4
${GIT_ACCESS}  kiln_git clone --no-checkout -- "$url" "$path" || exit $((${CLONE_FAILED} + number))
  if [ -n "$ref" ]; then kiln_git -C "$path" checkout "$ref" --; else kiln_git -C "$path" checkout; fi ||
    exit $((${REF_FAILED} + number))
  number=$((number + 1))
done
`;

/**
 * Answers git's two questions, for the repository's own host only: a redirect to another one gets nothing. A value
 * `user:password` names its user; others are a token, for which most servers take any user.
 */
const askpass = `#!/bin/sh
value=$(cat "$KILN_GIT_SECRET") || exit 1
case $value in
*:*) user=\${value%%:*} password=\${value#*:} ;;
*) user=x-access-token password=$value ;;
esac
case $1 in
"Username for 'https://$KILN_GIT_HOST': ") printf '%s\\n' "$user" ;;
"Password for 'https://"*"@$KILN_GIT_HOST': ") printf '%s\\n' "$password" ;;
*) exit 1 ;;
esac
`;

export type Repository = Spec["repositories"][number];

export function cloneCommand(repositories: readonly Repository[]): string[] {
  const waits = cloneScript(repositories) === null ? "" : AWAIT_SECRETS;
  return [
    "/bin/sh",
    "-c",
    `command -v git >/dev/null 2>&1 || exit ${NOT_FOUND}\n${waits}${program}`,
    "kiln",
    ...repositories.flatMap(({ url, ref, path, secret }) => [url, ref, path, secret]),
  ];
}

/** What git asks for a secret, written next to the command; null when it needs none. */
export function cloneScript(repositories: readonly Repository[]): string | null {
  return cloneSecrets({ repositories }).length > 0 ? askpass : null;
}

/** Which repository a clone's exit code means; null when it means none. */
export function failedClone(
  exitCode: number,
  repositories: readonly Repository[],
): { repository: Repository; at: "clone" | "ref" } | null {
  for (const [at, first] of [
    ["clone", CLONE_FAILED],
    ["ref", REF_FAILED],
  ] as const) {
    const repository = exitCode < first + MOST ? repositories[exitCode - first] : undefined;
    if (repository) return { repository, at };
  }
  return null;
}
