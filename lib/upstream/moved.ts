/** Whether what a snapshot was built from has moved on elsewhere. Pure. */

/** A reference with a digest in it never moves. */
export const isPinned = (reference: string): boolean => reference.includes("@");

/** `name@sha256:…`, as an engine tells it, against what a registry has under the name now. */
export function baseMoved(built: string | null, current: string): boolean {
  const digest = built?.split("@")[1];
  return digest !== undefined && digest !== current;
}

export interface Head {
  /** Which of the version's repositories. */
  index: number;
  /** The commit that was cloned; null when the image doesn't say any more. */
  was: string | null;
  /** The commit that is there now; null when there is no such branch or tag: a commit by its hash never moves. */
  is: string | null;
  /** Its server didn't answer, or refused. */
  failed: boolean;
}

const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const orNull = (text: string) => (commit.test(text) ? text : null);

/** What the program of worker/upstream/heads.ts prints: a line a repository. What isn't such a line is left out. */
export function readHeads(output: string): Head[] {
  return output.split("\n").flatMap((line) => {
    const [, index, was = "", is = ""] = /^kiln-head (\d{1,3}) (\S+) (\S+)$/.exec(line) ?? [];
    return index === undefined
      ? []
      : [{ index: Number(index), was: orNull(was), is: orNull(is), failed: is === "!" }];
  });
}

export const headMoved = ({ was, is }: Head): boolean => was !== null && is !== null && was !== is;
