"use client";

import { GitCompareArrows } from "lucide-react";
import { useMay } from "@/components/frame/user-context";
import { ButtonLink } from "@/components/ui/button-link";
import type { FailureCode } from "@/lib/snapshots/failure";
import type { SnapshotWire } from "@/lib/snapshots/wire";
import { RefreshButton } from "./refresh-button";
import { TryAgainButton } from "./try-again-button";

/** What a new version mends, and trying the same again usually doesn't. */
const scriptsOwn: ReadonlySet<FailureCode> = new Set([
  "plan_failed",
  "setup_failed",
  "setup_timed_out",
  "out_of_memory",
  "check_failed",
  "secret_leaked",
]);

/** What can be done about a failure, the likeliest last. */
export function FailureActions({ snapshot }: { snapshot: SnapshotWire }) {
  const mayChange = useMay("operator");
  const { failure, profile, version, kept } = snapshot;
  if (!failure) return null;
  const compare = (
    <ButtonLink href={`/snapshots/${snapshot.id}/compare-log`} icon={<GitCompareArrows />}>
      Compare logs
    </ButtonLink>
  );
  if (!mayChange) return compare;
  const own = scriptsOwn.has(failure.code);
  const draft = <ButtonLink href={`/profiles/${profile.slug}/draft`}>Open draft</ButtonLink>;
  if (version === null)
    return (
      <div className="flex flex-wrap gap-2">
        {compare}
        {draft}
        <TryAgainButton slug={profile.slug} />
      </div>
    );
  return (
    <div className="flex flex-wrap gap-2">
      {compare}
      {own ? draft : null}
      {own && failure.code !== "secret_leaked" && !kept ? (
        <RefreshButton
          snapshot={snapshot}
          label="Retry and keep container"
          mode={snapshot.mode}
          keepOnFailure
        />
      ) : null}
      <RefreshButton snapshot={snapshot} label="Retry" mode={snapshot.mode} />
    </div>
  );
}
