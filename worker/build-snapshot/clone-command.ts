/**
 * How repositories are cloned: one after the other, as arguments of a constant program. It ends with a code that
 * says which one failed and at what, because git's own words are a remote's, too.
 */
import type { Spec } from "@/lib/profiles/spec";
import { NOT_FOUND } from "./package-commands";

const CLONE_FAILED = 10;
const REF_FAILED = 40;
const MOST = 30;

const program = `
command -v git >/dev/null 2>&1 || exit ${NOT_FOUND}
export GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND='ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new'
number=0
while [ $# -gt 0 ]; do
  url=$1 ref=$2 path=$3
  shift 3
  git clone --no-checkout -- "$url" "$path" || exit $((${CLONE_FAILED} + number))
  if [ -n "$ref" ]; then git -C "$path" checkout "$ref" --; else git -C "$path" checkout; fi ||
    exit $((${REF_FAILED} + number))
  number=$((number + 1))
done
`;

export type Repository = Spec["repositories"][number];

export function cloneCommand(repositories: readonly Repository[]): string[] {
  return [
    "/bin/sh",
    "-c",
    program,
    "kiln",
    ...repositories.flatMap(({ url, ref, path }) => [url, ref, path]),
  ];
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
