/**
 * Keys of steps: a hash over all that went into a step and into those before it. Two builds with the same key
 * would do the same from the same start, so the second may use what the first one left. Pure.
 *
 * The idea is BuildKit's: a chain of digests, where what isn't part of the content (names, limits, times) isn't
 * part of the key either.
 */
import { createHash } from "node:crypto";
import type { Spec } from "@/lib/profiles/spec";
import type { Program } from "./programs";

/** Raise it when a step of the same content would be done in another way. */
const FORMAT = 3;

export interface KeyStart {
  /** Content address of the image that the first step starts from. */
  imageId: string;
  /** `os/architecture` of the engine's image. */
  platform: string;
}

/** What is the same for all steps of a build and changes what they leave: what lies under a cache isn't in the image. */
type Surroundings = Pick<Spec, "env" | "workdir" | "network" | "files" | "caches">;

/**
 * A key for each program, in order.
 * @param revisions of the secrets that programs are given, by name; never values.
 */
export function stepKeys(
  start: KeyStart,
  { env, workdir, network, files, caches }: Surroundings,
  programs: readonly Program[],
  revisions: ReadonlyMap<string, string>,
): string[] {
  let key = digest([FORMAT, start.imageId, start.platform, sorted(env), workdir, network, files, caches]);
  return programs.map(({ command, user, script, input, secrets }) => {
    key = digest([
      key,
      command,
      user,
      script,
      input,
      secrets.map((name) => [name, revisions.get(name) ?? ""]),
    ]);
    return key;
  });
}

/** Names come back from the database in another order; to a process it is the same environment. */
const sorted = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));

/** JSON keeps the parts apart: no two lists of values have the same text. */
function digest(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
