/** How a spec's values are said to people; shared by the form, the read-only view and the diff. */

import { formatDuration } from "@/lib/format";
import type { Spec } from "@/lib/profiles/spec";

export const networkWords: Record<Spec["network"], string> = {
  bridge: "Bridge: can reach the network",
  none: "None: no network at all",
};

/** Where a repository comes from, and by what right. */
export function sourceOf({ url, ref, secret }: Spec["repositories"][number]): string {
  return `${url}${ref ? ` at ${ref}` : ""}${secret ? `, with the secret ${secret}` : ""}`;
}

/** `30m 0s` is how a clock says it; a limit is a round number. */
export function formatSeconds(seconds: number): string {
  return formatDuration(seconds * 1000).replace(/ 0[smh]$/, "");
}
