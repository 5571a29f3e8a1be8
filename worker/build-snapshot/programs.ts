/**
 * What a build runs, one program after the other. Each has a container of its own, made from what the one before
 * left: so the engine itself tells where one ends and the next begins, and nothing that a script prints or does
 * can blur it; a failed program's container is exactly that step. The price is a commit between two programs.
 */
import { packageManagers } from "@/lib/profiles/plan-words";
import { programsOf } from "@/lib/profiles/setup-sections";
import type { Spec } from "@/lib/profiles/spec";
import type { Failure } from "@/lib/snapshots/failure";
import { type StepName, scriptOf, sectionName } from "@/lib/snapshots/steps";
import { cloneCommand } from "./clone-command";
import { exitSentence } from "./failures";
import { installCommand } from "./package-commands";
import { cloneFailure, packageFailure } from "./plan-failures";
import { setupCommand } from "./setup-command";

export const PLAN_SECONDS = 3600;

export interface Program {
  step: StepName;
  /** Begins sentences about it. */
  what: string;
  /** The first line of its part of the log. */
  intro: string;
  command: string[];
  user: string;
  /** Written next to it, where the command looks for it. */
  script: string | null;
  /** The setup script's sections share one limit; others have one each. */
  budget: "setup" | "own";
  /** Waits for the version's secrets before it begins. */
  takesSecrets: boolean;
  code: Extract<Failure["code"], "plan_failed" | "setup_failed">;
  explain: (exitCode: number, said: string) => string;
}

/**
 * Never empty: only what has run can be captured, so at the least an empty script runs.
 * @param onSnapshot an incremental build has packages and repositories already, and runs what maintains them.
 */
export function planPrograms(spec: Spec, onSnapshot = false): Program[] {
  const script = scriptOf(spec, onSnapshot);
  const programs = onSnapshot ? [] : [...packagePrograms(spec), ...clonePrograms(spec)];
  const nothingToSetUp = script.trim() === "";
  return nothingToSetUp && programs.length > 0 ? programs : [...programs, ...setupPrograms(spec, script)];
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
      budget: "own",
      takesSecrets: false,
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
        .map(({ url, ref, path }) => `Clone ${url}${ref ? ` at ${ref}` : ""} to ${path}`)
        .join("\n"),
      command: cloneCommand(repositories),
      user,
      script: null,
      budget: "own",
      takesSecrets: false,
      code: "plan_failed",
      explain: (exitCode, said) => cloneFailure(repositories, exitCode, said),
    },
  ];
}

function setupPrograms({ user, workdir, timeouts, secrets }: Spec, script: string): Program[] {
  const takesSecrets = secrets.length > 0;
  const sections = programsOf(script);
  return sections.map(({ title, text }, index) => {
    const what = title === null ? "The setup script" : `Setup step “${title}”`;
    const limit = `at most ${timeouts.setupSeconds} s`;
    return {
      step: sectionName(index, sections.length),
      what,
      intro: script.trim() === ""
        ? "No setup script"
        : sections.length === 1
          ? `Setup script, as ${user} in ${workdir}, ${limit}`
          : `${title ?? "Setup script"}, as ${user} in ${workdir}, ${limit} for all parts together`,
      command: setupCommand(text, takesSecrets),
      user,
      script: text,
      budget: "setup",
      takesSecrets,
      code: "setup_failed",
      explain: (exitCode) => exitSentence(what, exitCode),
    };
  });
}
