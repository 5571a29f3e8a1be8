import { GitCommitHorizontal, Layers2 } from "lucide-react";
import type { ReactNode } from "react";
import { RelativeTime } from "@/components/time/relative-time";
import type { DriftWire } from "@/lib/upstream/wire";

/** Says what a serving snapshot is behind of. Nothing when nothing has moved. */
export function Drift({ drift, baseImage }: { drift: DriftWire | null; baseImage: string }) {
  if (!drift) return null;
  const { baseMovedAt, repositoryMovedAt, repositories } = drift;
  return (
    <>
      {baseMovedAt ? (
        <Line icon={<Layers2 />}>
          Base image moved <RelativeTime at={baseMovedAt} />: its registry has another{" "}
          <span className="font-mono text-xs wrap-anywhere">{baseImage}</span>. Refresh to build on it.
        </Line>
      ) : null}
      {repositoryMovedAt ? (
        <Line icon={<GitCommitHorizontal />}>
          Repository moved <RelativeTime at={repositoryMovedAt} />:{" "}
          <span className="font-mono text-xs wrap-anywhere">{repositories.join(", ")}</span>. Refresh to clone
          what is there now.
        </Line>
      ) : null}
    </>
  );
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className="flex items-start gap-1.5 text-sm">
      <span aria-hidden="true" className="mt-0.5 shrink-0 [&>svg]:size-3.5">
        {icon}
      </span>
      <span className="min-w-0">{children}</span>
    </p>
  );
}
