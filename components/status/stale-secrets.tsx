import { KeyRound } from "lucide-react";

/** Says that a snapshot holds to secrets that have other values by now. Nothing when there are none. */
export function StaleSecrets({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p className="flex items-start gap-1.5 text-sm">
      <KeyRound className="mt-0.5 size-3.5 shrink-0" aria-hidden="true" />
      <span>
        Built with a secret that was rotated: <span className="font-mono text-xs">{names.join(", ")}</span>.
        Refresh to use the new one.
      </span>
    </p>
  );
}
