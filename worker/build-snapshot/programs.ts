/**
 * What a build runs, one program after the other. Each has a container of its own, made from what the one before
 * left: so the engine itself tells where one ends and the next begins, and nothing that a script prints or does
 * can blur it; a failed program's container is exactly that step. The price is a commit between two programs.
 */
import { needsCacheFolders } from "@/lib/profiles/cache-paths";
import { packageManagers } from "@/lib/profiles/plan-words";
import { programsOf } from "@/lib/profiles/setup-sections";
import type { Spec } from "@/lib/profiles/spec";
import { cloneSecrets } from "@/lib/profiles/spec-secrets";
import type { Failure } from "@/lib/snapshots/failure";
import { type StepName, scriptName, scriptOf, sectionName } from "@/lib/snapshots/steps";
import { isAptCache } from "./apt-cache";
import { cacheFolderCommand } from "./cache-folders";
import { cloneCommand, cloneScript } from "./clone-command";
import { exitSentence } from "./failures";
import { installCommand } from "./package-commands";
import { cloneFailure, packageFailure } from "./plan-failures";
import { setupCommand } from "./setup-command";

export const PLAN_SECONDS = 3600;

export interface Program {
  step: StepName;
  /** Begins sentences about it. */
  what: string;
  /** Begins the sentence about its time limit, when that isn't its own alone: of the script that it is a part of. */
  timed?: string;
  /** The first line of its part of the log. */
  intro: string;
  command: string[];
  user: string;
  /** Written next to it, where the command looks for it. */
  script: string | null;
  /** Its standard input; null for the end of it at once. */
  input: string | null;
  /** It says nothing, and runs all the same: only what has run can be captured. */
  isEmpty: boolean;
  /** The setup script's sections share one limit; others have one each. */
  budget: "setup" | "own";
  /** Waits for these before it begins; for nothing when there are none. */
  secrets: readonly string[];
  /** False for what makes the folders where the caches are mounted afterwards. */
  mountsCaches: boolean;
  code: Extract<Failure["code"], "plan_failed" | "setup_failed">;
  explain: (exitCode: number, said: string) => string;
}

/**
 * Never empty: only what has run can be captured, so at the least an empty script runs.
 * @param onSnapshot an incremental build has packages and repositories already, and runs what maintains them.
 */
export function planPrograms(spec: Spec, onSnapshot = false): Program[] {
  const script = scriptOf(spec, onSnapshot);
  const programs = onSnapshot
    ? []
    : [...cacheFolderPrograms(spec), ...packagePrograms(spec), ...clonePrograms(spec)];
  const nothingToSetUp = script.trim() === "";
  return nothingToSetUp && programs.length > 0
    ? programs
    : [...programs, ...setupPrograms(spec, script, scriptName(spec, onSnapshot))];
}

function cacheFolderPrograms(spec: Spec): Program[] {
  if (!needsCacheFolders(spec)) return [];
  const what = "Making the cache folders";
  return [
    {
      step: "caches",
      what,
      intro: `Folders for the caches, of ${spec.user} where they are missing`,
      command: cacheFolderCommand(spec.user, spec.caches),
      user: "root",
      script: null,
      input: null,
      isEmpty: false,
      budget: "own",
      secrets: [],
      mountsCaches: false,
      code: "plan_failed",
      explain: (exitCode) => exitSentence(what, exitCode),
    },
  ];
}

function packagePrograms({ packages }: Spec): Program[] {
  return packageManagers
    .filter((manager) => packages[manager].length > 0)
    .map((manager) => ({
      step: `packages:${manager}`,
      what: `Installing the ${manager} packages`,
      intro: `${manager} packages: ${packages[manager].join(" ")}`,
      command: installCommand(manager, packages[manager]),
      // They belong to the image, whoever works in it.
      user: "root",
      script: null,
      input: null,
      isEmpty: false,
      budget: "own",
      secrets: [],
      mountsCaches: true,
      code: "plan_failed",
      explain: (exitCode, said) => packageFailure(manager, exitCode, said),
    }));
}

function clonePrograms({ repositories, user }: Spec): Program[] {
  if (repositories.length === 0) return [];
  return [
    {
      step: "repositories",
      what: "Cloning the repositories",
      intro: repositories
        .map(
          ({ url, ref, path, secret }) =>
            `Clone ${url}${ref ? ` at ${ref}` : ""} to ${path}${secret ? ` with the secret ${secret}` : ""}`,
        )
        .join("\n"),
      command: cloneCommand(repositories),
      user,
      script: cloneScript(repositories),
      input: null,
      isEmpty: false,
      budget: "own",
      secrets: cloneSecrets({ repositories }),
      mountsCaches: true,
      code: "plan_failed",
      explain: (exitCode, said) => cloneFailure(repositories, exitCode, said),
    },
  ];
}

function setupPrograms(
  { user, workdir, timeouts, secrets, caches }: Spec,
  script: string,
  name: ReturnType<typeof scriptName>,
): Program[] {
  const takesSecrets = secrets.length > 0;
  const sections = programsOf(script);
  return sections.map(({ title, text }, index) => {
    const what =
      title === null ? `The ${name.toLowerCase()}` : `${name.replace(" script", "")} step “${title}”`;
    const limit = `at most ${timeouts.setupSeconds} s`;
    return {
      step: sectionName(index, sections.length),
      what,
      timed: `The ${name.toLowerCase()}`,
      intro:
        script.trim() === ""
          ? "No setup script"
          : sections.length === 1
            ? `${name}, as ${user} in ${workdir}, ${limit}`
            : `${title ?? name}, as ${user} in ${workdir}, ${limit} for all parts together`,
      ...setupCommand(text, user, { takesSecrets, keepsAptCaches: caches.some(isAptCache) }),
      user,
      isEmpty: text.trim() === "",
      budget: "setup",
      secrets,
      mountsCaches: true,
      code: "setup_failed",
      explain: (exitCode) => exitSentence(what, exitCode),
    };
  });
}
