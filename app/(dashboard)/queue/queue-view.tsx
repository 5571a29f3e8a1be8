"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleSlash2, ListEnd, ListStart } from "lucide-react";
import { cancelSnapshot, runNext } from "@/app/actions/snapshots";
import { useAction } from "@/app/use-action";
import { useMay } from "@/components/frame/user-context";
import { WaitingTable } from "@/components/queue/waiting-table";
import { SnapshotsTable } from "@/components/snapshots/snapshots-table";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { IconButton } from "@/components/ui/icon-button";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { formatCount } from "@/lib/format";
import { queueQuery } from "@/lib/queue/queries";
import type { SnapshotWire } from "@/lib/snapshots/wire";

/** What runs and what waits; it moves by itself. */
export function QueueView() {
  const { data, error } = useQuery(queueQuery());
  if (!data)
    return error ? (
      <Notice kind="failed">{error.message}</Notice>
    ) : (
      <Loading what="the queue">
        <Skeleton className="h-24" />
      </Loading>
    );
  const { running, waiting, total, background } = data;
  if (running.length === 0 && waiting.length === 0)
    return (
      <EmptyState
        icon={<ListEnd />}
        title="Nothing waits, and nothing is being built"
        actions={<ButtonLink href="/snapshots">All snapshots</ButtonLink>}
      >
        Publish a version or refresh one, and it is here until it has ended.
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-8">
      {error ? <Notice kind="failed">{error.message}</Notice> : null}
      {background.paused ? (
        <Notice kind="hot" title={`${background.by} paused all background refreshes`}>
          {background.reason || "No reason was given."} What waits already is built all the same.
        </Notice>
      ) : null}
      <Section title="Being built">
        {running.length > 0 ? (
          <SnapshotsTable snapshots={running} />
        ) : (
          <p className="text-sm text-muted">Nothing: no worker has taken what waits yet.</p>
        )}
      </Section>
      <Section
        title="Waiting"
        description={
          total > waiting.length
            ? `${formatCount(total, "build")}; the first ${waiting.length} of them:`
            : null
        }
      >
        {waiting.length > 0 ? (
          <WaitingTable
            waiting={waiting}
            controls={(snapshot, first) => <WaitingControls snapshot={snapshot} first={first} />}
          />
        ) : (
          <p className="text-sm text-muted">Nothing waits.</p>
        )}
      </Section>
    </div>
  );
}

function WaitingControls({
  snapshot: { id, number, profile },
  first,
}: {
  snapshot: SnapshotWire;
  first: boolean;
}) {
  const mayChange = useMay("operator");
  const onError = (title: string) => (error: Error) =>
    toast({ kind: "failed", title, description: error.message });
  const next = useAction(runNext, () => toast({ title: `#${number} of ${profile.name} is next.` }));
  const cancel = useAction(cancelSnapshot, () =>
    toast({ title: `#${number} of ${profile.name} is cancelled.` }),
  );
  if (!mayChange) return null;
  return (
    <>
      {first ? null : (
        <Button
          size="sm"
          icon={<ListStart />}
          pending={next.isPending}
          aria-label={`Run #${number} of ${profile.name} next`}
          onClick={() => next.mutate({ id }, { onError: onError("The order was not changed.") })}
        >
          Run next
        </Button>
      )}
      <IconButton
        label={`Cancel #${number} of ${profile.name}`}
        icon={<CircleSlash2 />}
        size="sm"
        plain
        onClick={() => cancel.mutate({ id }, { onError: onError("The build was not cancelled.") })}
      />
    </>
  );
}
