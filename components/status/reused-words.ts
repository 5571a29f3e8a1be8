import type { StepWire } from "@/lib/snapshots/wire";

/** Where a step's result comes from: "reused from #3". Null for one that was done. */
export function reusedWords({ reusedFrom, reusedProfile }: StepWire): string | null {
  if (reusedFrom === null) return null;
  return `reused from #${reusedFrom}${reusedProfile === null ? "" : ` of ${reusedProfile}`}`;
}

/** The same where there is little room. A number of another profile's would be taken for one of this one's. */
export function shortReusedWords(step: StepWire): string | null {
  return step.reusedProfile === null ? reusedWords(step) : "from another profile";
}
