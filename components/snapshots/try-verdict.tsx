import { CircleCheck } from "lucide-react";
import { RelativeTime } from "@/components/time/relative-time";
import { ButtonLink } from "@/components/ui/button-link";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** What a try that succeeded was for, and the next step. */
export function TryVerdict({ snapshot: { status, version, profile, queuedAt } }: { snapshot: SnapshotWire }) {
  if (version !== null || status !== "ready") return null;
  return (
    <section
      aria-labelledby="verdict"
      className="flex shrink-0 flex-wrap items-start gap-x-4 gap-y-3 border-b bg-ready-soft px-4 py-4"
    >
      <CircleCheck className="mt-0.5 size-4 shrink-0 text-ready" aria-hidden="true" />
      <div className="flex min-w-48 flex-1 flex-col gap-1 text-sm max-sm:basis-[calc(100%-3rem)]">
        <h2 id="verdict" className="font-semibold">
          The draft builds. Publish it.
        </h2>
        <p className="text-muted">
          This is how it was <RelativeTime at={queuedAt} />. Nothing was published, and its image isn't kept.
        </p>
      </div>
      <ButtonLink href={`/profiles/${profile.slug}/draft`} variant="primary">
        Open draft
      </ButtonLink>
    </section>
  );
}
